// A journey's way as a tree: who stands where, who came through, and where people are lost. It reads as a list, and prints.
import type { ComponentChildren } from 'preact';
import type { JourneyStats, Simulation } from '../api/types';
import { sayDuration } from '../definitions/form/say';
import { number, percent, t, tOr } from '../words/words';
import { failedAt, leftOut, skippedAt } from './lost';
import type { Step, Way } from './tree';

/** What happened, what did lately, or what a rehearsal says would; or nothing but the document. */
export type Shown = { stats: JourneyStats } | { recent: NonNullable<JourneyStats['recent']> } | { rehearsed: Simulation } | 'document';

interface Drawn { shown: Shown; open?: string; linkTo: (step: string) => string | undefined; /** What else there is to say of a step. */ mark?: (step: string) => ComponentChildren }

export const Map = ({ steps, ...drawn }: { steps: Step[] } & Drawn) => <ol class="map">{steps.map(step => <Node key={step.id} step={step} {...drawn} />)}</ol>;

function Node({ step, ...drawn }: { step: Step } & Drawn) {
  const href = drawn.linkTo(step.id);
  const said = <><b>{step.title}</b> <span class="quiet">{step.says}</span></>;
  const isNever = drawn.shown !== 'document' && 'rehearsed' in drawn.shown && drawn.shown.rehearsed.neverReached.includes(step.id);
  return (
    <li>
      <div class={`step${isNever ? ' never' : ''}${drawn.open === step.id ? ' open' : ''}`}>
        {href ? <a href={href} aria-current={drawn.open === step.id ? 'true' : undefined}>{said}</a> : <span>{said}</span>}
        <Counts step={step.id} shown={drawn.shown} />
        {drawn.mark?.(step.id)}
      </div>
      {step.ways.length > 0 && <ul class="ways">{step.ways.map(way => (
        <li key={way.name}>
          <p class="way">{way.label}<Share step={step.id} way={way} shown={drawn.shown} /></p>
          {way.steps.length > 0 ? <Map steps={way.steps} {...drawn} /> : <p class="quiet">{t('map.nothing')}</p>}
        </li>
      ))}</ul>}
    </li>
  );
}

function Counts({ step, shown }: { step: string; shown: Shown }) {
  if (shown === 'document') return null;
  if ('rehearsed' in shown) return <span class="counts">{shown.rehearsed.neverReached.includes(step) ? t('map.never') : t('map.reached', { count: shown.rehearsed.reached[step] ?? 0 })}</span>;
  if ('recent' in shown) return <Recently step={shown.recent.steps[step]} />;
  const stats = shown.stats.steps[step];
  if (!stats) return <span class="counts quiet">{t('map.nobody')}</span>;

  const failed = failedAt(stats);
  const skipped = Object.entries(stats.skipped).filter(([, count]) => count > 0);
  return (
    <>
      <span class="counts">
        {stats.here > 0 && <strong>{t('map.here', { count: stats.here })} · </strong>}{t('map.through', { count: stats.through })}
        {stats.waited && stats.waited.count > 0 && ` · ${t('map.median', { time: sayDuration(roughly(stats.waited.median)) })}`}
        <Left left={stats.left} />
      </span>
      {failed > 0 && <Leak>{t('map.failed', { count: failed })}</Leak>}
      {skipped.length > 0 && <Leak>{t('map.skipped', { count: skippedAt(stats) })} {skipped.map(([why, count]) => `${tOr(`map.why.${why}`, why)} ${number(count)}`).join(', ')}</Leak>}
    </>
  );
}

function Recently({ step }: { step?: NonNullable<JourneyStats['recent']>['steps'][string] }) {
  if (!step) return <span class="counts quiet">{t('map.nobodyLately')}</span>;
  const failed = failedAt(step);
  return (
    <>
      <span class="counts">{t('map.through', { count: step.through })}<Left left={step.left} /></span>
      {failed > 0 && <Leak>{t('map.failed', { count: failed })}</Leak>}
      {(step.left.skipped ?? 0) > 0 && <Leak>{leftOut(step.left.skipped!)}</Leak>}
    </>
  );
}

/** How people left at a step, but for going on. */
const Left = ({ left }: { left: Record<string, number> }) => <>{Object.entries(left).filter(([how, count]) => ['goal', 'exit', 'cancelled'].includes(how) && count > 0).map(([how, count]) => ` · ${tOr(`map.left.${how}`, how)} ${number(count)}`)}</>;

const Leak = ({ children }: { children: ComponentChildren }) => <span class="leak"><span aria-hidden="true">▲ </span>{children}</span>;

function Share({ step, way, shown }: { step: string; way: Way; shown: Shown }) {
  if (shown === 'document') return null;
  const paths = ('rehearsed' in shown ? shown.rehearsed.paths : 'stats' in shown ? shown.stats.paths : {})[step];
  const runs = paths?.[way.name]?.runs;
  if (!paths || runs === undefined) return null;
  const all = Object.values(paths).reduce((sum, path) => sum + path.runs, 0);
  return <span class="quiet"> · {t('map.went', { count: runs })} ({percent(all > 0 ? runs / all : 0, 0)})</span>;
}

/** Seconds as the largest unit that leaves at least two of it, in the words of durations. */
function roughly(seconds: number): string {
  for (const [unit, size] of [['d', 86_400], ['h', 3_600], ['m', 60]] as const) {
    if (seconds >= 2 * size) return `${Math.round(seconds / size)}${unit}`;
  }
  return `${Math.round(seconds)}s`;
}
