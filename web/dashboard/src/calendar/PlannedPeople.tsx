// Whom a number of the calendar counts.
import { useRoute } from 'preact-iso';
import { Counted, type Person } from '../parts/Counted';
import { useRowKeys } from '../parts/rows';
import { day as dayName, queryOf } from '../reports/figures';
import { Title } from '../shell/Title';
import { t, tOr } from '../words/words';

type Asked = Partial<Record<'day' | 'of' | 'journey' | 'step' | 'template' | 'campaign', string>>;

export const plannedOf = (asked: Asked) => `/app/calendar?${queryOf(asked)}`;

export function PlannedPeople() {
  const { day, of, journey, step, template, campaign } = useRoute().query as Asked;
  useRowKeys();
  return (
    <>
      <p class="trail"><a href={`/app/calendar?month=${day!.slice(0, 7)}`}>{t('nav.calendar')}</a></p>
      <Title text={dayName(day!)}><p class="quiet">{[tOr(`calendar.of.${of}`, ''), journey && <a href={`/app/journeys/${journey}`}>{journey}</a>, template].filter(Boolean).map((part, place) => <>{place > 0 && ' · '}{part}</>)}</p></Title>
      <div class="card"><Counted<Person> path={`/api/calendar/people?${queryOf({ day, of, journey, step, template, campaign, limit: '100' })}`} /></div>
    </>
  );
}
