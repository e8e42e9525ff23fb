import { useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { ListedLead, Page } from '../api/types';
import { kinds, pageOf } from '../definitions/kinds';
import { called, Grade, stageName } from '../parts/marks';
import { problemText } from '../parts/Failure';
import { t } from '../words/words';
import { Dialog } from './Dialog';
import { pagesFor } from './Shell';

interface Found { href: string; text: string; more?: string; grade?: string }

/** What is looked through here: lists of rules are short, and kept once they were read. */
const listed = kinds.filter(kind => !('single' in kind));
const fits = (name: string, words: string) => name.toLowerCase().split(/[\s_-]+/).some((_, at, all) => all.slice(at).join(' ').startsWith(words.toLowerCase()));

/** People, rules and pages by the beginnings of their words. Arrows choose, Enter opens. */
export function Search({ close, go }: { close: () => void; go: (path: string) => void }) {
  const [asked, setAsked] = useState('');
  const [at, setAt] = useState(0);
  const words = asked.trim();
  const people = useLoad<Page<ListedLead>>(words ? `/api/leads?q=${encodeURIComponent(words)}&limit=8` : null);
  const rules = listed.map(kind => ({ kind, list: useLoad<{ items: { id: string; name?: string }[] }>(words.length > 1 ? kind.path : null) }));
  const found: Found[] = [
    ...pagesFor().filter(page => t(page.key).toLowerCase().startsWith(words.toLowerCase())).map(page => ({ href: page.path, text: t(page.key), more: t('search.page') })),
    ...(people.data?.items ?? []).map(lead => ({ href: `/app/leads/${lead.id}`, text: called(lead), more: [lead.company, stageName(lead.stage)].filter(Boolean).join(' · '), grade: lead.grade })),
    ...(words.length > 1 ? rules.flatMap(({ kind, list }) => (list.data?.items ?? []).filter(one => fits(one.name ?? '', words) || fits(one.id, words)).slice(0, 5).map(one => ({ href: pageOf(kind, one.id), text: one.name ?? one.id, more: t(`kind.${kind.id}`) }))) : [])
  ];
  const open = (one?: Found) => {
    if (!one) return;
    close();
    go(one.href);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter') open(found[at]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label={t('nav.search')} close={close} className="search">
      <input type="search" role="combobox" list={undefined} aria-expanded="true" aria-controls="found" aria-autocomplete="list" aria-activedescendant={found[at] ? `found-${at}` : undefined} aria-label={t('search.label')}
        placeholder={t('search.label')} autofocus autocomplete="off" spellcheck={false} value={asked} onInput={event => { setAsked(event.currentTarget.value); setAt(0); }} onKeyDown={keys} />
      <ul id="found" role="listbox" aria-label={t('search.found')}>
        {found.map((one, place) => (
          <li id={`found-${place}`} role="option" aria-selected={place === at} onClick={() => open(one)} onMouseMove={() => setAt(place)}>
            <span>{one.text}</span>{one.grade && <Grade grade={one.grade} />}<span class="quiet">{one.more}</span>
          </li>
        ))}
      </ul>
      {people.error && people.error.status !== 400 && <p class="problem-text" role="alert">{problemText(people.error)}</p>}
      {words && people.data?.items.length === 0 && <p class="quiet" role="status">{t('search.nobody')}</p>}
    </Dialog>
  );
}
