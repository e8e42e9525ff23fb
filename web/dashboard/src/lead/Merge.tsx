import { useState } from 'preact/hooks';
import { call, type ApiError } from '../api/client';
import { useLoad } from '../api/load';
import type { ListedLead, Page } from '../api/types';
import { called } from '../parts/marks';
import { problemText } from '../parts/Failure';
import { t } from '../words/words';

/** Two leads that are one person: the other is found by name, and joins this one. It can be let go again. */
export function Merge({ id, path, again }: { id: string; path: string; again: () => void }) {
  const [asked, setAsked] = useState('');
  const [said, setSaid] = useState<string>();
  const found = useLoad<Page<ListedLead>>(asked.trim().length > 1 ? `/api/leads?q=${encodeURIComponent(asked.trim())}&limit=5` : null);
  const merge = async (other: ListedLead) => {
    try {
      await call(`${path}/merge`, { method: 'POST', body: { lead: other.id } });
      setAsked('');
      setSaid(t('merge.done', { name: called(other) }));
      setTimeout(again, 1500);
    } catch (error) {
      setSaid(problemText(error as ApiError));
    }
  };
  return (
    <details class="merge">
      <summary>{t('merge.title')}</summary>
      <label><span class="hidden">{t('leads.search')}</span><input type="search" placeholder={t('leads.searchHint')} value={asked} onInput={event => setAsked(event.currentTarget.value)} /></label>
      <ul class="plain">{found.data?.items.filter(one => one.id !== id).map(one => <li class="row"><span class="grow">{called(one)} <span class="quiet">{one.company} {one.email}</span></span><button onClick={() => merge(one)} aria-label={t('merge.with', { name: called(one) })}>{t('merge.go')}</button></li>)}</ul>
      <p role="status">{said}</p>
    </details>
  );
}
