// Who did what, when: newest first, filtered by the address.
import { useLocation, useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { AuditEntry, Page, ShownAuditEntry } from '../api/types';
import { CodeView } from '../definitions/code/CodeView';
import { written } from '../definitions/document';
import { Failure } from '../parts/Failure';
import { download } from '../parts/download';
import { useRowKeys } from '../parts/rows';
import { useSaying } from '../parts/useSaying';
import { exact, When } from '../parts/When';
import { Title } from '../shell/Title';
import { t } from '../words/words';

const kinds = ['write', 'export', 'view'] as const;
const filters = ['kind', 'keyId', 'action', 'leadId'] as const;

/** What is no document. */
const withoutText = ['stage', 'owner'];

const queryOf = (filter: Record<string, string>) => new URLSearchParams(filter).toString();

export function Audit() {
  const { query } = useRoute();
  const { route } = useLocation();
  const { said, act } = useSaying();
  useRowKeys();
  const filter = Object.fromEntries(filters.filter(name => query[name]).map(name => [name, query[name]!]));
  const pageOf = (more: Record<string, string>) => `/app/audit?${queryOf({ ...filter, ...more })}`;
  return (
    <>
      <Title text={t('audit.title')}><a class="button" href={`/api/audit/export?${queryOf(filter)}`} onClick={event => { event.preventDefault(); void act(() => download(`/api/audit/export?${queryOf(filter)}`, 'audit.jsonl')); }}>{t('audit.file')}</a></Title>
      <p class="problem-text" role="alert">{said}</p>
      <p class="quiet">{t('audit.text')}</p>
      <form class="filters" onSubmit={event => event.preventDefault()}>
        <label><span>{t('audit.kind')}</span>
          <select value={filter.kind ?? ''} onChange={event => { const { kind: _, ...rest } = filter; route(`/app/audit?${queryOf(event.currentTarget.value ? { ...rest, kind: event.currentTarget.value } : rest)}`, true); }}>
            <option value="">{t('audit.every')}</option>{kinds.map(kind => <option value={kind}>{t(`audit.${kind}`)}</option>)}
          </select>
        </label>
      </form>
      {Object.keys(filter).some(name => name !== 'kind') && <p><a href="/app/audit">{t('audit.all')}</a></p>}
      <Entries key={queryOf(filter)} filter={filter} pageOf={pageOf} />
    </>
  );
}

function Entries({ filter, pageOf }: { filter: Record<string, string>; pageOf: (more: Record<string, string>) => string }) {
  const [cursors, setCursors] = useState<string[]>([]);
  return <>{[undefined, ...cursors].map((cursor, place) => <Part key={cursor ?? ''} path={`/api/audit?${queryOf({ ...filter, limit: '50', ...(cursor ? { cursor } : {}) })}`} pageOf={pageOf} more={place === cursors.length ? next => setCursors([...cursors, next]) : undefined} />)}</>;
}

function Part({ path, pageOf, more }: { path: string; pageOf: (more: Record<string, string>) => string; more?: (cursor: string) => void }) {
  const { data, error, again } = useLoad<Page<AuditEntry>>(path);
  if (!data) return error ? <Failure error={error} again={again} /> : <div class="tall" />;
  return (
    <>
      <ol class="rows audit">
        {data.items.map(entry => (
          <li class="card">
            <p><a data-row href={pageOf({ keyId: entry.by.keyId })}>{entry.by.name}</a> <span class="stage">{t(`audit.${entry.kind}`)}</span> <a href={pageOf({ action: entry.action })}>{entry.action}</a> <span class="quiet"><When at={entry.at} /> · {exact(entry.at)}</span></p>
            <p><code>{entry.target}</code> {entry.leadId && <a href={`/app/leads/${entry.leadId}`}>{t('lead.title')}</a>}</p>
            {entry.changes.map(change => <p class="change">{change.kind} <b>{change.id}</b>{change.before !== undefined && ` · ${t('audit.was', { what: change.before })}`}{change.after !== undefined && ` · ${t('audit.is', { what: change.after })}`}</p>)}
            {entry.changes.some(change => !withoutText.includes(change.kind)) && <Details id={entry.id} />}
          </li>
        ))}
      </ol>
      {data.items.length === 0 && <p class="empty">{t('audit.none')}</p>}
      {more && data.nextCursor && <p class="empty"><button onClick={() => more(data.nextCursor!)}>{t('leads.more')}</button></p>}
    </>
  );
}

function Details({ id }: { id: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const { data, error, again } = useLoad<ShownAuditEntry>(isOpen ? `/api/audit/${id}` : null);
  const texts = data?.changes.filter(change => change.documentBefore !== undefined || change.documentAfter !== undefined);
  return (
    <details onToggle={event => setIsOpen(event.currentTarget.open)}>
      <summary>{t('audit.details')}</summary>
      {error && <Failure error={error} again={again} />}
      {texts?.length === 0 && <p class="quiet">{t('audit.noText')}</p>}
      {texts?.map(change => <CodeView label={`${change.kind} ${change.id}`} text={change.documentAfter === undefined ? '' : written(change.documentAfter)} against={change.documentBefore === undefined ? '' : written(change.documentBefore)} />)}
    </details>
  );
}

/** A link could not send the header that the session needs. */
