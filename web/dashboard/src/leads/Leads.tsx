// Who is worth a look?
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { onForget, useLoad } from '../api/load';
import type { LeadCounts, LeadCourses, ListedLead, Page } from '../api/types';
import { eventName } from '../parts/events';
import { Failure } from '../parts/Failure';
import { Line } from '../parts/Line';
import { called, Engagement, Grade, Stage, stageName } from '../parts/marks';
import { useRowKeys } from '../parts/rows';
import { When } from '../parts/When';
import { Title } from '../shell/Title';
import { t } from '../words/words';
import { Counts, Nobody } from './Counts';
import { Filters } from './Filters';
import { countsPath, filterIn, listOf, pageOf, withOne, type Filter } from './filter';

// How far each list was read, by its address: Back shows as much again.
const read = new Map<string, string[]>();
onForget(() => read.clear());

export function Leads() {
  const { query } = useLocation();
  const filter = filterIn(query);
  const { data: counts } = useLoad<LeadCounts>(countsPath);
  useRowKeys();
  return (
    <>
      <Title text={t('leads.title')}><Counts counts={counts} /></Title>
      <Filters filter={filter} counts={counts} />
      <List key={pageOf(withOne(filter, 'lines', ''))} filter={filter} counts={counts} />
    </>
  );
}

function List({ filter, counts }: { filter: Filter; counts?: LeadCounts }) {
  const address = pageOf(withOne(filter, 'lines', ''));
  const { route } = useLocation();
  const asNumbers = filter.lines === 'numbers';
  const [cursors, setCursors] = useState(read.get(address) ?? []);
  const more = (cursor: string) => {
    const all = [...cursors, cursor];
    read.set(address, all);
    setCursors(all);
  };
  return (
    <table class="leads">
      <caption class="hidden">{t('leads.title')}</caption>
      <thead><tr>
        <th scope="col">{t('leads.name')}</th><th scope="col">{t('leads.grade')}</th><th scope="col">{t('leads.engagement')}</th><th scope="col" class="wide">{t('leads.course')} <button class="small" aria-pressed={asNumbers} onClick={() => route(pageOf(withOne(filter, 'lines', asNumbers ? '' : 'numbers')), true)}>{t('chart.numbers')}</button></th>
        <th scope="col" class="wide">{t('leads.stage')}</th><th scope="col" class="wide">{t('leads.owner')}</th><th scope="col" class="wide">{t('leads.lastAct')}</th>
      </tr></thead>
      {[undefined, ...cursors].map((cursor, place) => <Part key={cursor ?? ''} path={listOf(filter, cursor)} isFiltered={Object.keys(filter).some(name => name !== 'sort' && name !== 'lines')} asNumbers={asNumbers} counts={counts} more={place === cursors.length ? more : undefined} />)}
    </table>
  );
}

/** A page of the list; the last one offers the next. */
function Part({ path, isFiltered, asNumbers, counts, more }: { path: string; isFiltered: boolean; asNumbers: boolean; counts?: LeadCounts; more?: (cursor: string) => void }) {
  const { data, error, again } = useLoad<Page<ListedLead>>(path);
  const courses = useLoad<LeadCourses>(data && data.items.length > 0 ? `/api/leads/courses?ids=${data.items.map(lead => lead.id).join(',')}` : null);
  const course = new Map(courses.data?.items.map(one => [one.id, one.values]));
  if (!data) return <tbody><tr class="tall"><td colSpan={7}>{error && <Failure error={error} again={again} />}</td></tr></tbody>;
  return (
    <tbody>
      {data.items.map(lead => (
        <tr key={lead.id}>
          <th scope="row"><a data-row href={`/app/leads/${lead.id}`}>{called(lead)}</a><span class="quiet">{lead.company}{lead.name && lead.email && <span class="address">{lead.company && ' · '}{lead.email}</span>}</span><span class="narrow quiet">{stageName(lead.stage)} · {lead.lastAct && `${eventName(lead.lastAct.name)} `}<When at={lead.lastAct?.at ?? lead.lastSeen} /></span></th>
          <td><Grade grade={lead.grade} /></td>
          <td><Engagement value={lead.engagement} /></td>
          <td class="wide"><Line values={course.get(lead.id)} asNumbers={asNumbers} /></td>
          <td class="wide"><Stage stage={lead.stage} /></td>
          <td class="wide">{lead.owner}</td>
          <td class="wide">{lead.lastAct?.name && <span class="act">{eventName(lead.lastAct.name)}</span>}<span class="quiet"><When at={lead.lastAct?.at ?? lead.lastSeen} /></span></td>
        </tr>
      ))}
      {data.items.length === 0 && <tr><td colSpan={7} class="empty">{isFiltered ? <>{t('leads.nobodyHere')} <a href="/app/leads">{t('leads.all')}</a></> : <Nobody counts={counts} />}</td></tr>}
      {more && data.nextCursor && <tr><td colSpan={7} class="empty"><button onClick={() => more(data.nextCursor!)}>{t('leads.more')}</button></td></tr>}
    </tbody>
  );
}
