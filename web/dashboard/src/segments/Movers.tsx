// Who came into a segment on a day, or left it.
import { useLoad } from '../api/load';
import { Counted, type Person } from '../parts/Counted';
import { useRowKeys } from '../parts/rows';
import { periodName, queryOf } from '../reports/figures';
import { Title } from '../shell/Title';
import { t, tOr } from '../words/words';

/** Moves are counted by the day in UTC. */
export const utcDay = (day: string) => periodName('day', day);

export function Movers({ id, day, way }: { id: string; day: string; way: string }) {
  const segment = useLoad<{ document: { name?: string } }>(`/api/segments/${encodeURIComponent(id)}`);
  useRowKeys();
  return (
    <>
      <p class="trail"><a href="/app/segments">{t('segments.title')}</a></p>
      <Title text={segment.data?.document.name ?? id}><p class="quiet">{tOr(`segments.${way}`, way)} · {utcDay(day)} (UTC)</p></Title>
      <div class="card"><Counted<Person> path={`/api/segments/${encodeURIComponent(id)}/moves?${queryOf({ day, way, limit: '25' })}`} notKept="segments.notKept" /></div>
    </>
  );
}
