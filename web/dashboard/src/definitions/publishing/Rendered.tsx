// A template as three readers would get it: who were here last, or somebody made up.
import { useEffect, useState } from 'preact/hooks';
import { call, type ApiError } from '../../api/client';
import type { ListedLead, Page, TemplatePreview } from '../../api/types';
import { Failure } from '../../parts/Failure';
import { MailFrame } from '../../parts/MailFrame';
import { called } from '../../parts/marks';
import { number, t } from '../../words/words';

const readers = 3;

interface Seen { of: string; preview?: TemplatePreview; error?: ApiError }

/**
 * @param of Which of its texts: one that is stored, or one that is being written.
 * @param also Somebody who is to be among them.
 */
export function Rendered({ id, of, also }: { id: string; of: { version: number } | { document: unknown }; also?: ListedLead }) {
  const [seen, setSeen] = useState<Seen[]>();
  const [error, setError] = useState<ApiError>();
  const [turn, setTurn] = useState(0);
  const asked = JSON.stringify(of);
  useEffect(() => {
    const abort = new AbortController();
    const fill = (name: string, whom: object): Promise<Seen> => call<TemplatePreview>(`/api/templates/${encodeURIComponent(id)}/preview`, { method: 'POST', body: { ...whom, ...of }, signal: abort.signal })
      .then(preview => ({ of: name, preview }), (error: ApiError) => ({ of: name, error }));
    const readersOf = (latest: ListedLead[]) => (also ? [also, ...latest.filter(lead => lead.id !== also.id)] : latest).slice(0, readers);
    call<Page<ListedLead>>(`/api/leads?sort=lastSeen&limit=${readers}`, { signal: abort.signal })
      .then(({ items }) => Promise.all(readersOf(items).length > 0 ? readersOf(items).map(lead => fill(called(lead), { leadId: lead.id })) : [fill(t('rendered.nobody'), {})]))
      .then(all => { if (!abort.signal.aborted) { setSeen(all); setError(undefined); } }, (error: ApiError) => { if (!abort.signal.aborted) setError(error); });
    return () => abort.abort();
  }, [asked, also?.id, turn]);
  if (error) return <Failure error={error} again={() => setTurn(turn + 1)} />;
  if (!seen) return <p role="status" class="quiet">{t('publish.looking')}</p>;
  const missing = [...new Set(seen.flatMap(one => one.preview?.missing ?? []))];
  return (
    <>
      {missing.length > 0 && <p class="problem-text"><span aria-hidden="true">! </span>{t('rendered.missing', { count: missing.length })} <code>{missing.join(', ')}</code></p>}
      {seen.map((one, place) => (
        <details key={place} class="rendered" open={place === 0}>
          <summary><b>{one.of}</b> <span class="quiet">{one.preview?.subject ?? one.preview?.title}{one.preview?.html && ` · ${t('rendered.size', { size: number(new Blob([one.preview.html]).size / 1024, 1) })}`}</span></summary>
          {one.error && <Failure error={one.error} />}
          {one.preview && one.preview.warnings.length > 0 && <ul class="problems">{one.preview.warnings.map(warning => <li key={warning.message} class="warning"><span aria-hidden="true">!</span><span lang="en">{warning.message}</span></li>)}</ul>}
          {one.preview?.html ? <MailFrame html={one.preview.html} title={t('rendered.frame', { name: one.of })} /> : one.preview && <p>{one.preview.body ?? one.preview.text}</p>}
        </details>
      ))}
    </>
  );
}
