// How a journey would go, on a clock of its own: its map painted with what happens, where everybody is at a moment, and single runs to walk through. Nothing is sent.
import type { RefObject } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { call, type ApiError } from '../api/client';
import type { Simulation } from '../api/types';
import { boxesOf } from '../definitions/boxes';
import type { Problem } from '../definitions/problems';
import { Map } from '../journeys/Map';
import { flat, type Step } from '../journeys/tree';
import { Failure } from '../parts/Failure';
import { Said } from '../parts/Said';
import { exact } from '../parts/When';
import { day } from '../reports/figures';
import { number, t, tOr } from '../words/words';
import { momentOf, standsAt } from './moment';
import { Runs } from './Runs';
import { Whom, type Asked, type Chosen } from './Whom';

const hour = 3_600_000;

/**
 * @param draft What is wrong with the text that is being written, which is rehearsed instead of a version that is stored.
 * @param kept Where it stays with whom one rehearses while another tab is open.
 */
export function Rehearsed({ path, version, draft, document, steps, kept }: { path: string; version?: string; draft?: Problem[]; document: unknown; steps: Step[]; kept?: RefObject<Chosen | null> }) {
  const boxes = useMemo(() => boxesOf(document, draft ?? []), [document, draft]);
  const text = useMemo(() => JSON.stringify(document), [document]);
  const [done, setDone] = useState<{ simulation: Simulation; of: string; turn: number }>();
  const [error, setError] = useState<ApiError>();
  const [asked, setAsked] = useState<NonNullable<Asked>>();
  const [isBusy, setIsBusy] = useState(false);
  const rehearse = async (asked: NonNullable<Asked>) => {
    setAsked(asked);
    setIsBusy(true);
    setError(undefined);
    try {
      const simulation = await call<Simulation>(`${path}/simulate`, { method: 'POST', body: { ...(draft ? { document } : version ? { version: Number(version) } : {}), ...asked } });
      setDone(before => ({ simulation, of: text, turn: (before?.turn ?? 0) + 1 }));
    } catch (caught) {
      setError(caught as ApiError);
    }
    setIsBusy(false);
  };
  return (
    <>
      <Whom document={document} go={rehearse} isBusy={isBusy} kept={kept} />
      {error && <Failure error={error} again={asked && (() => rehearse(asked))} />}
      {done && done.of !== text && <p class="ribbon" role="status">{t('rehearsal.changed')}</p>}
      <div role="status">{done && <Sums simulation={done.simulation} />}</div>
      {!done && draft && <Map steps={steps} shown="document" linkTo={() => undefined} mark={step => boxes[step]?.map(problem => <span key={problem.path} class={problem.isWarning ? 'differs changed' : 'leak'}><span aria-hidden="true">{problem.isWarning ? '! ' : '✗ '}</span><Said>{problem.message}</Said></span>)} />}
      {done && <Painted key={done.turn} simulation={done.simulation} steps={steps} />}
    </>
  );
}

const Sums = ({ simulation }: { simulation: Simulation }) => (
  <p class="sums">
    {t('rehearsal.leads', { count: simulation.leads })} · {t('journeys.entered', { count: simulation.entered })} · {t('journeys.sent', { count: simulation.sends })}
    {Object.entries(simulation.ended).map(([how, count]) => ` · ${tOr(`run.${how}`, how)} ${number(count)}`)}
    {simulation.partial && <> · <span class="problem-text" lang="en">{simulation.partial.reason}</span></>}
  </p>
);

function Painted({ simulation, steps }: { simulation: Simulation; steps: Step[] }) {
  const [from, to] = [Date.parse(simulation.from), Date.parse(simulation.to)];
  const [at, setAt] = useState(to);
  const [chosen, setChosen] = useState<string>();
  const [line, setLine] = useState(0);
  const moment = useMemo(() => momentOf(simulation.runs, at), [simulation, at]);
  const titles = useMemo(() => new globalThis.Map(flat(steps).map(step => [step.id, step.title])), [steps]);
  const titleOf = (step: string) => titles.get(step) ?? step;
  const run = simulation.runs.find(one => one.run === chosen);
  const choose = (run: string) => {
    const found = simulation.runs.find(one => one.run === run);
    setChosen(found?.run);
    setLine(0);
    if (found) setAt(Date.parse(found.log[0]?.at ?? found.enteredAt));
  };
  return (
    <>
      {simulation.runs.length > 0 && (
        <section class="card moment" aria-label={t('rehearsal.clock')}>
          <label for="moment">{t('rehearsal.clock')} <output for="moment">{exact(new Date(at).toISOString())}</output></label>
          <input id="moment" type="range" min={from} max={to} step={hour} value={at} aria-valuetext={exact(new Date(at).toISOString())} onInput={event => { setAt(Math.min(to, Number(event.currentTarget.value))); setChosen(undefined); }} />
          <p class="quiet">{t('journeys.inside', { count: moment.inside })} · {t('journeys.entered', { count: moment.entered })} · {t('rehearsal.ended', { count: moment.ended })} · {t('journeys.sent', { count: moment.sent })}
            {simulation.entered > simulation.runs.length && ` · ${t('rehearsal.ofRuns', { count: simulation.runs.length })}`}</p>
        </section>
      )}
      <div class={run ? 'beside-map' : undefined}>
        <Map steps={steps} shown={{ rehearsed: simulation }} open={run && standsAt(run, at)} linkTo={() => undefined}
          mark={step => (moment.here[step] ?? 0) > 0 && <strong class="here-then">{t('map.hereThen', { count: moment.here[step]! })}</strong>} />
        {simulation.runs.length > 0 && <Runs runs={simulation.runs} chosen={chosen} choose={choose} line={line} goTo={(at, line) => { setAt(at); setLine(line); }} titleOf={titleOf} />}
      </div>
      <PerDay simulation={simulation} />
    </>
  );
}

function PerDay({ simulation }: { simulation: Simulation }) {
  const perDay = Object.entries(simulation.sendsPerDay).map(([day, sends]) => ({ day, sends, count: Object.values(sends).reduce((sum, count) => sum + count, 0) }));
  const most = Math.max(1, ...perDay.map(one => one.count));
  if (perDay.length === 0) return null;
  return (
    <figure class="card figures">
      <figcaption>{t('rehearsal.perDay')}</figcaption>
      <div class="scrolls" tabIndex={0} role="group" aria-label={t('rehearsal.perDay')}><table class="inner">
        <thead><tr><th scope="col">{t('audit.at')}</th><th scope="col" class="number">{t('standing.messages')}</th><th scope="col" class="wide"><span class="hidden">{t('reports.bar')}</span></th></tr></thead>
        <tbody>{perDay.map(one => <tr key={one.day}><th scope="row">{day(one.day)}</th><td class="number">{number(one.count)}<span class="quiet beside">{Object.entries(one.sends).map(([template, count]) => `${template} ${number(count)}`).join(' · ')}</span></td><td class="wide"><meter min={0} max={most} value={one.count} aria-hidden="true" /></td></tr>)}</tbody>
      </table></div>
    </figure>
  );
}
