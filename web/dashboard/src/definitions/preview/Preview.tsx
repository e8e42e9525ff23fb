// What readers would get of the text as it stands, while it is being written: of the last text that was right.
import { useEffect, useState } from 'preact/hooks';
import { useLoad } from '../../api/load';
import type { ListedLead, Page } from '../../api/types';
import { called } from '../../parts/marks';
import { SearchField } from '../../parts/SearchField';
import { t } from '../../words/words';
import { Rendered } from '../publishing/Rendered';

/** After the last check. */
const pause = 300;

/** @param isRight It was checked, and nothing is wrong; neither this nor `isWrong` while it is being checked. */
export function Preview({ id, document, isRight, isWrong }: { id: string; document: unknown; isRight: boolean; isWrong: boolean }) {
  const [shown, setShown] = useState<unknown>();
  const [isNarrow, setIsNarrow] = useState(false);
  const [reader, setReader] = useState<ListedLead>();
  useEffect(() => {
    if (!isRight) return;
    const timer = setTimeout(() => setShown(document), pause);
    return () => clearTimeout(timer);
  }, [document, isRight]);
  return (
    <section class={`card preview${isNarrow ? ' narrow-mail' : ''}`} aria-labelledby="preview">
      <div class="row"><h2 id="preview" class="grow">{t('preview.title')}</h2><button class="small" aria-pressed={isNarrow} onClick={() => setIsNarrow(!isNarrow)}>{t('preview.phone')}</button></div>
      <p class="held" role="status">{isWrong ? t(shown === undefined ? 'preview.notYet' : 'preview.last') : ' '}</p>
      <Other choose={setReader} />
      {shown !== undefined && <Rendered id={id} of={{ document: shown }} also={reader} />}
    </section>
  );
}

/** Another reader than those who were here last. */
function Other({ choose }: { choose: (lead: ListedLead) => void }) {
  const [asked, setAsked] = useState('');
  const found = useLoad<Page<ListedLead>>(asked.length > 1 ? `/api/leads?q=${encodeURIComponent(asked)}&limit=5` : null);
  return (
    <details class="other">
      <summary>{t('preview.other')}</summary>
      <label><span class="hidden">{t('leads.search')}</span><SearchField placeholder={t('leads.searchHint')} value={asked} set={setAsked} /></label>
      {found.data?.items.length === 0 && <p class="quiet">{t('search.nobody')}</p>}
      <ul class="plain">{found.data?.items.map(lead => <li key={lead.id} class="row"><span class="grow">{called(lead)} <span class="quiet">{lead.company} {lead.email}</span></span><button class="small" aria-label={t('preview.asOf', { name: called(lead) })} onClick={() => choose(lead)}>{t('preview.choose')}</button></li>)}</ul>
    </details>
  );
}
