// Whom a number of the journey counts, beside its map.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { CountedRun } from '../api/types';
import { Counted } from '../parts/Counted';
import { isReturned } from '../shell/scroll';
import { t, tOr } from '../words/words';
import { sayAsked, type Asked } from './counted';
import type { Step } from './tree';

export function CountedRuns({ path, asked, version, days, steps, closed }: { path: string; asked: Asked; version?: string; days?: number; steps: Step[]; closed: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // On a phone it stands above the map, which may be far from what was tapped.
  useLayoutEffect(() => {
    if (isReturned()) return; // the row that was opened has the focus
    heading.current!.focus({ preventScroll: true }); // it is drawn
    heading.current!.scrollIntoView({ block: 'nearest' });
  }, []);
  const query = new URLSearchParams(Object.entries({ ...asked, version, days: days?.toString(), limit: '25' }).filter((pair): pair is [string, string] => !!pair[1]));
  return (
    <section class="card at-step" aria-labelledby="counted">
      <h2 id="counted" ref={heading} tabIndex={-1}>{sayAsked(asked, steps)}</h2>
      <Counted<CountedRun> path={`${path}/people?${query}`} says={run => <>{tOr(`run.${run.status}`, run.status)}{run.endReason && <>. <span lang="en">{run.endReason}</span></>}</>} />
      <p><a href={closed}>{t('map.close')}</a></p>
    </section>
  );
}
