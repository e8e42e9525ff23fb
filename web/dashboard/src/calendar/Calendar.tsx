// What do we send to whom this month? Campaigns, what journeys sent and are to send, whom dates bring, and who would get too much: day by day, and as a list on a phone.
import { useRoute } from 'preact-iso';
import { useLoad } from '../api/load';
import type { Calendar as Planned, CalendarDay, ListedJourney, Page, Report, ReportRow } from '../api/types';
import { Failure } from '../parts/Failure';
import { exact } from '../parts/When';
import { Reading } from '../reports/Reading';
import { monthName, queryOf, today } from '../reports/figures';
import { Title } from '../shell/Title';
import { number, t } from '../words/words';
import { Day } from './Day';
import { PlannedPeople } from './PlannedPeople';
import { monthIn, neighbour, weeksOf } from './month';

const mostRows = '2000';

export function Calendar() {
  const { query } = useRoute();
  return query.day && query.of ? <PlannedPeople /> : <Month />;
}

function Month() {
  const { query } = useRoute();
  const month = monthIn(query.month);
  const weeks = weeksOf(month);
  const days = weeks.flat().filter((day): day is string => !!day);
  const [from, to] = [days[0]!, days.at(-1)!]; // a month has days
  const planned = useLoad<Planned>(`/api/calendar?from=${from}&to=${to}`);
  const sent = useLoad<Report>(from > today() ? null : `/api/reports/ctr?${queryOf({ from, to: to < today() ? to : today(), by: 'day,journey', limit: mostRows })}`);
  const journeys = useLoad<Page<ListedJourney>>('/api/journeys');
  const error = planned.error ?? sent.error ?? journeys.error;
  const nameOf = (id: string) => journeys.data?.items.find(journey => journey.id === id)?.name ?? id;
  const on = (day: string): { planned?: CalendarDay; sent: ReportRow[] } => ({ planned: planned.data?.days.find(one => one.day === day), sent: sent.data?.rows.filter(row => row.day === day && (row.denominator ?? 0) > 0) ?? [] });
  const weekday = (at: number) => exact(`2024-01-0${at + 1}T12:00:00Z`, { weekday: 'short', timeZone: 'UTC' }); // the first was a Monday
  return (
    <>
      <Title text={t('calendar.title', { month: monthName(month) })}>
        <span class="row months"><a class="button" href={`/app/calendar?month=${neighbour(month, -1)}`} aria-label={t('calendar.before')}>‹</a><a class="button" href="/app/calendar">{t('calendar.now')}</a><a class="button" href={`/app/calendar?month=${neighbour(month, 1)}`} aria-label={t('calendar.after')}>›</a></span>
        {planned.data && <p class="quiet">{t('home.asOf', { at: exact(planned.data.asOf, { timeStyle: 'short' }) })}, {planned.data.zone}</p>}
      </Title>
      <Reading />
      {error && <Failure error={error} again={() => { planned.again(); sent.again(); journeys.again(); }} />}
      {planned.data?.partial && <p class="ribbon">{t('calendar.partial', { runs: number(planned.data.runs), leads: number(planned.data.leads) })}</p>}
      <table class="month">
        <caption class="hidden">{t('calendar.caption')}</caption>
        <thead><tr>{weeks[0]!.map((_, at) => <th key={at} scope="col">{weekday(at)}</th>)}</tr></thead>
        <tbody>{weeks.map(week => <tr key={week.join()}>{week.map((day, at) => day ? <Day key={day} day={day} nameOf={nameOf} {...on(day)} /> : <td key={at} class="outside" />)}</tr>)}</tbody>
      </table>
      {planned.data && planned.data.days.length === 0 && sent.data?.rows.length === 0 && <p class="empty">{t('calendar.none')} <a href="/app/journeys">{t('nav.journeys')}</a></p>}
      <p class="quiet">{t('calendar.means')}</p>
    </>
  );
}
