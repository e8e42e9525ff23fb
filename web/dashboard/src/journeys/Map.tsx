// A journey's way as a tree: who stands where, who came through, and where people are lost. It reads as a list, and prints.
import type { ComponentChildren } from 'preact';
import type { JourneyStats, Simulation } from '../api/types';
import { sayDuration } from '../definitions/form/say';
import { number, percent, t, tOr } from '../words/words';
import { failing, type LinkTo } from './counted';
import { failedAt, leftOut, skippedAt } from './lost';
import type { Step, Way } from './tree';
import { Who } from './Who';

/** What happened, what did lately, or what a rehearsal says would; or nothing but the document. */
export type Shown = { stats: JourneyStats } | { recent: NonNullable<JourneyStats['recent']> } | { rehearsed: Simulation } | 'document';

interface Drawn { shown: Shown; open?: string; /** Where those are whom a number counts. */ whoTo?: LinkTo; linkTo: (step: string) => string | undefined; /** What else there is to say of a step. */ mark?: (step: string) => ComponentChildren }

export const Map = ({ steps, ...drawn }: { steps: Step[] } & Drawn) => <ol class="map">{steps.map(step => <Node key={step.id} step={step} {...drawn} />)}</ol>;

function Node({ step, ...drawn }: { step: Step } & Drawn) {
  const href = drawn.linkTo(step.id);
  const said = <><b>{step.title}</b> <span class="quiet">{step.says}</span></>;
  const isNever = drawn.shown !== 'document' && 'rehearsed' in drawn.shown && drawn.shown.rehearsed.neverReached.includes(step.id);
  return (
    <li>
      <div class={`step${isNever ? ' never' : ''}${drawn.open === step.id ? ' open' : ''}`}>
        {href ? <a href={href} aria-current={drawn.open === step.id ? 'true' : undefined}>{said}</a> : <span>{said}</span>}
        <Counts step={step.id} shown={drawn.shown} to={drawn.whoTo} />
        {drawn.mark?.(step.id)}
      </div>
      {step.ways.length > 0 && <ul class="ways">{step.ways.map(way => (
        <li key={way.name}>
          <p class="way">{way.label}<Share step={step.id} way={way} shown={drawn.shown} to={drawn.whoTo} /></p>
          {way.steps.length > 0 ? <Map steps={way.steps} {...drawn} /> : <p class="quiet">{t('map.nothing')}</p>}
        </li>
      ))}</ul>}
    </li>
  );
}

function Counts({ step, shown, to }: { step: string; shown: Shown; to: LinkTo }) {
  if (shown === 'document') return null;
  if ('rehearsed' in shown) return <span class="counts">{shown.rehearsed.neverReached.includes(step) ? t('map.never') : t('map.reached', { count: shown.rehearsed.reached[step] ?? 0 })}</span>;
  if ('recent' in shown) return <Recently id={step} step={shown.recent.steps[step]} to={to} />;
  const stats = shown.stats.steps[step];
  if (!stats) return <span class="counts quiet">{t('map.nobody')}</span>;

  const skipped = Object.entries(stats.skipped).filter(([, count]) => count > 0);
  return (
    <>
      <span class="counts">
        {stats.here > 0 && <><strong><Who to={to} of="inside" step={step} count={stats.here}>{t('map.here', { count: stats.here })}</Who></strong> · </>}<Who to={to} of="through" step={step} count={stats.through}>{t('map.through', { count: stats.through })}</Who>
        {stats.waited && stats.waited.count > 0 && <> · <Who to={to} of="waited" step={step} count={stats.waited.count}>{t('map.median', { time: sayDuration(roughly(stats.waited.median)) })}</Who></>}
        <Left left={stats.left} step={step} to={to} />
      </span>
      <Failed step={step} count={failedAt(stats)} to={to} />
      {skipped.length > 0 && <Leak><Who to={to} of="skipped" step={step} count={skippedAt(stats)}>{t('map.skipped', { count: skippedAt(stats) })}</Who> {skipped.map(([why, count], place) => <>{place > 0 && ', '}<Who to={to} of="skipped" step={step} why={why} count={count}>{tOr(`map.why.${why}`, why)} {number(count)}</Who></>)}</Leak>}
    </>
  );
}

function Recently({ id, step, to }: { id: string; step?: NonNullable<JourneyStats['recent']>['steps'][string]; to: LinkTo }) {
  if (!step) return <span class="counts quiet">{t('map.nobodyLately')}</span>;
  const skipped = step.left.skipped ?? 0;
  return (
    <>
      <span class="counts"><Who to={to} of="through" step={id} count={step.through}>{t('map.through', { count: step.through })}</Who><Left left={step.left} step={id} to={to} /></span>
      <Failed step={id} count={failedAt(step)} to={to} />
      {skipped > 0 && <Leak><Who to={to} of="left" step={id} how="skipped" count={skipped}>{leftOut(skipped)}</Who></Leak>}
    </>
  );
}

/** How people left at a step, but for going on. */
const Left = ({ left, step, to }: { left: Record<string, number>; step: string; to: LinkTo }) => <>{Object.entries(left).filter(([how, count]) => ['goal', 'exit', 'cancelled'].includes(how) && count > 0).map(([how, count]) => <> · <Who to={to} of="left" step={step} how={how} count={count}>{tOr(`map.left.${how}`, how)} {number(count)}</Who></>)}</>;

const Failed = ({ step, count, to }: { step: string; count: number; to: LinkTo }) => count === 0 ? null : <Leak><Who to={to} of="left" step={step} how={failing} count={count}>{t('map.failed', { count })}</Who></Leak>;

const Leak = ({ children }: { children: ComponentChildren }) => <span class="leak"><span aria-hidden="true">▲ </span>{children}</span>;

function Share({ step, way, shown, to }: { step: string; way: Way; shown: Shown; to: LinkTo }) {
  if (shown === 'document') return null;
  const paths = ('rehearsed' in shown ? shown.rehearsed.paths : 'stats' in shown ? shown.stats.paths : {})[step];
  const runs = paths?.[way.name]?.runs;
  if (!paths || runs === undefined) return null;
  const all = Object.values(paths).reduce((sum, path) => sum + path.runs, 0);
  return <span class="quiet"> · <Who to={to} of="way" step={step} way={way.name} count={runs}>{t('map.went', { count: runs })}</Who> ({percent(all > 0 ? runs / all : 0, 0)})</span>;
}

/** Seconds as the largest unit that leaves at least two of it, in the words of durations. */
function roughly(seconds: number): string {
  for (const [unit, size] of [['d', 86_400], ['h', 3_600], ['m', 60]] as const) {
    if (seconds >= 2 * size) return `${Math.round(seconds / size)}${unit}`;
  }
  return `${Math.round(seconds)}s`;
}
