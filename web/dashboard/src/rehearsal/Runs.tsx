// Single runs of a rehearsal: one is chosen, and walked through line by line; the clock goes along.
import type { SimulatedRun } from '../api/types';
import { exact } from '../parts/When';
import { number, t, tOr } from '../words/words';

const most = 50;

interface Chosen { runs: SimulatedRun[]; chosen?: string; choose: (run: string) => void; goTo: (at: number, line: number) => void; line: number; titleOf: (step: string) => string }

export function Runs({ runs, chosen, choose, goTo, line, titleOf }: Chosen) {
  const run = runs.find(one => one.run === chosen);
  return (
    <section class="card" aria-labelledby="runs">
      <h2 id="runs">{t('rehearsal.runs')}</h2>
      <label class="row">{t('rehearsal.one')}
        <select value={chosen ?? ''} onChange={event => choose(event.currentTarget.value)}>
          <option value="">{t('rehearsal.choose')}</option>
          {runs.slice(0, most).map(one => <option key={one.run} value={one.run}>{one.name ?? one.lead} · {tOr(`run.${one.status}`, one.status)}</option>)}
        </select>
      </label>
      {runs.length > most && <p class="quiet">{t('rehearsal.moreRuns', { count: most, shown: number(most) })}</p>}
      {run && (
        <>
          <p class="row">
            <button disabled={line <= 0} onClick={() => goTo(Date.parse(run.log[line - 1]!.at), line - 1)}>{t('rehearsal.back')}</button>
            <button disabled={line >= run.log.length - 1} onClick={() => goTo(Date.parse(run.log[line + 1]!.at), line + 1)}>{t('rehearsal.next')}</button>
            {/^[0-9a-f]{16,}$/.test(run.lead) && <a href={`/app/leads/${run.lead}`}>{t('rehearsal.lead')}</a>}
          </p>
          <ol class="trace">
            {run.log.map((one, place) => (
              <li key={place} aria-current={place === line ? 'step' : undefined}>
                <button class="path" onClick={() => goTo(Date.parse(one.at), place)}>{exact(one.at)}</button>{' '}
                {one.step && <b>{titleOf(one.step)}: </b>}{tOr(`log.${one.what}`, one.what)}
                {one.detail && <span class="quiet" lang={/^\d{4}-\d\d-\d\dT/.test(one.detail) ? undefined : 'en'}> {/^\d{4}-\d\d-\d\dT/.test(one.detail) ? exact(one.detail) : one.detail}</span>}
                {one.due && one.what === 'waits' && <span class="quiet"> {t('run.waits', { at: exact(one.due) })}</span>}
                {one.reason && <span class="quiet" lang="en"> {one.reason}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
