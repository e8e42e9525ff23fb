// Where everybody in a rehearsal is at a moment, told by the traces of their runs. Pure.
import type { SimulatedRun } from '../api/types';

export type Line = SimulatedRun['log'][number];

/** The step at which a run stands then; undefined before it has begun and when it is over. */
export function standsAt(run: SimulatedRun, at: number): string | undefined {
  if (run.status === 'heldOut' || Date.parse(run.enteredAt) > at || (run.endedAt !== undefined && Date.parse(run.endedAt) <= at)) return undefined;
  let step: string | undefined;
  for (const line of run.log) {
    if (Date.parse(line.at) > at) break;
    step = line.step ?? step;
  }
  return step;
}

export interface Moment { here: Record<string, number>; entered: number; inside: number; ended: number; sent: number }

export function momentOf(runs: SimulatedRun[], at: number): Moment {
  const moment: Moment = { here: {}, entered: 0, inside: 0, ended: 0, sent: 0 };
  for (const run of runs) {
    if (run.status === 'heldOut' || Date.parse(run.enteredAt) > at) continue;
    moment.entered++;
    const step = standsAt(run, at);
    if (step !== undefined) moment.here[step] = (moment.here[step] ?? 0) + 1;
    if (run.endedAt !== undefined && Date.parse(run.endedAt) <= at) moment.ended++;
    else moment.inside++;
    moment.sent += run.log.filter(line => line.what === 'sent' && Date.parse(line.at) <= at).length;
  }
  return moment;
}
