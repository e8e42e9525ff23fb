// Whom a number of the calendar counts.
import { useRoute } from 'preact-iso';
import { Counted, type Person } from '../parts/Counted';
import { useRowKeys } from '../parts/rows';
import { day as dayName } from '../reports/figures';
import { Title } from '../shell/Title';
import { t, tOr } from '../words/words';

const names = ['day', 'of', 'journey', 'step', 'template', 'campaign'] as const;
type Asked = Partial<Record<typeof names[number], string>>;
const queryOf = (asked: Asked) => new URLSearchParams(names.flatMap(name => asked[name] ? [[name, asked[name]]] : []));

export const plannedOf = (asked: Asked) => `/app/calendar?${queryOf(asked)}`;

export function PlannedPeople() {
  const asked = useRoute().query as Asked;
  useRowKeys();
  return (
    <>
      <p class="trail"><a href={`/app/calendar?month=${asked.day!.slice(0, 7)}`}>{t('nav.calendar')}</a></p>
      <Title text={dayName(asked.day!)}><p class="quiet">{[tOr(`calendar.of.${asked.of}`, ''), asked.journey && <a href={`/app/journeys/${asked.journey}`}>{asked.journey}</a>, asked.template].filter(Boolean).map((part, place) => <>{place > 0 && ' · '}{part}</>)}</p></Title>
      <div class="card"><Counted<Person> path={`/api/calendar/people?${queryOf(asked)}&limit=100`} /></div>
    </>
  );
}
