// Whom a number of the journey counts, beside its map.
import type { CountedRun } from '../api/types';
import { Counted } from '../parts/Counted';
import { queryOf } from '../reports/figures';
import { t, tOr } from '../words/words';
import { sayAsked, type Asked } from './counted';
import type { Step } from './tree';
import { useArrival } from './useArrival';

export function CountedRuns({ path, asked, version, days, steps, closed }: { path: string; asked: Asked; version?: string; days?: number; steps: Step[]; closed: string }) {
  const heading = useArrival();
  return (
    <section class="card at-step" aria-labelledby="counted">
      <h2 id="counted" ref={heading} tabIndex={-1}>{sayAsked(asked, steps)}</h2>
      <Counted<CountedRun> path={`${path}/people?${queryOf({ ...asked, version, days: days?.toString(), limit: '25' })}`} says={run => <>{tOr(`run.${run.status}`, run.status)}{run.endReason && <>. <span lang="en">{run.endReason}</span></>}</>} />
      <p><a href={closed}>{t('map.close')}</a></p>
    </section>
  );
}
