// Exactly those whom a figure counts.
import { useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { CountedPerson, LeadAnswer, ShownMetric } from '../api/types';
import { Failure } from '../parts/Failure';
import { called, Grade, nameOf, Stage } from '../parts/marks';
import { exact } from '../parts/When';
import { Title } from '../shell/Title';
import { number, t } from '../words/words';
import { dimensionName, metricName, pageOf, queryOf, valueName } from './figures';
import { Reading } from './Reading';

interface PeoplePage { items: CountedPerson[]; count: number; nextCursor?: string }

export function People() {
  const { params, query } = useRoute();
  const id = params.metric!; // the route has one
  const metrics = useLoad<{ items: ShownMetric[] }>('/api/reports');
  const metric = metrics.data?.items.find(one => one.id === id);
  const said = Object.entries(query).filter(([name]) => metric?.dimensions.includes(name)).map(([name, value]) => `${dimensionName(name)}: ${valueName(name, value)}`);
  return (
    <>
      <Title text={metric ? metricName(metric) : t('reports.title')}><p class="quiet">{[query.from && query.to && `${query.from} – ${query.to}`, ...said].filter(Boolean).join(' · ')}</p></Title>
      <Reading />
      <p><a href={pageOf(id, query)}>{t('reports.back')}</a></p>
      <List key={queryOf(query)} id={id} query={query} />
    </>
  );
}

function List({ id, query }: { id: string; query: Record<string, string> }) {
  const [cursors, setCursors] = useState<string[]>([]);
  return <>{[undefined, ...cursors].map((cursor, place) => <Part key={cursor ?? ''} path={`/api/reports/${id}/people?${queryOf({ ...query, limit: '25', cursor: cursor ?? '' })}`} isFirst={place === 0} more={place === cursors.length ? next => setCursors([...cursors, next]) : undefined} />)}</>;
}

function Part({ path, isFirst, more }: { path: string; isFirst: boolean; more?: (cursor: string) => void }) {
  const { data, error, again } = useLoad<PeoplePage>(path);
  if (!data) return error ? <Failure error={error} again={again} /> : <div class="tall" />;
  return (
    <>
      {isFirst && <p class="quiet">{t('reports.people', { count: data.count })}</p>}
      <ol class="people card">{data.items.map(person => <One key={person.leadId} person={person} />)}</ol>
      {more && data.nextCursor && <button onClick={() => more(data.nextCursor!)}>{t('leads.more')}</button>}
    </>
  );
}

/** Of whom was erased the figure stays, and nothing else. */
function One({ person }: { person: CountedPerson }) {
  const { data: lead, error } = useLoad<LeadAnswer>(`/api/leads/${person.leadId}`);
  return (
    <li>
      {lead && <Grade grade={lead.grade} />}
      <span class="grow">{lead ? <a href={`/app/leads/${lead.id}`}>{called({ ...lead, name: nameOf(lead.traits) })}</a> : <span class="quiet">{error?.status === 404 ? t('reports.erased') : error ? person.leadId : '…'}</span>}</span>
      {lead && <Stage stage={lead.stage} />}
      <span class="end">{exact(person.at, { dateStyle: 'medium' })}{person.times > 1 && ` · ${number(person.times, 0)}×`}</span>
    </li>
  );
}
