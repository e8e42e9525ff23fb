// How the journey would go for people as they were recorded in the last thirty days. Nothing is sent.
import { useState } from 'preact/hooks';
import { call, type ApiError } from '../api/client';
import type { Simulation } from '../api/types';
import { Failure } from '../parts/Failure';
import { exact } from '../parts/When';
import { now } from '../session/session';
import { number, t, tOr } from '../words/words';
import { Map } from './Map';
import type { Step } from './tree';

const days = 30;
const mostLeads = 200;

export function Rehearsed({ path, version, steps }: { path: string; version?: string; steps: Step[] }) {
  const [simulation, setSimulation] = useState<Simulation>();
  const [error, setError] = useState<ApiError>();
  const [isBusy, setIsBusy] = useState(false);
  const rehearse = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      const from = new Date(now() - days * 86_400_000).toISOString();
      setSimulation(await call<Simulation>(`${path}/simulate`, { method: 'POST', body: { ...(version ? { version: Number(version) } : {}), recorded: { from, maxLeads: mostLeads } } }));
    } catch (caught) {
      setError(caught as ApiError);
    }
    setIsBusy(false);
  };
  const perDay = Object.entries(simulation?.sendsPerDay ?? {}).map(([day, sends]) => ({ day, sends, count: Object.values(sends).reduce((sum, count) => sum + count, 0) }));
  const most = Math.max(1, ...perDay.map(one => one.count));
  return (
    <>
      <p class="row says"><span class="grow">{t('rehearsal.text', { days, most: mostLeads })}</span><button class="primary" onClick={rehearse} disabled={isBusy}>{t(isBusy ? 'rehearsal.busy' : 'rehearsal.go')}</button></p>
      {error && <Failure error={error} again={rehearse} />}
      <div role="status">{simulation && (
        <p class="sums">
          {t('rehearsal.leads', { count: simulation.leads })} · {t('journeys.entered', { count: simulation.entered })} · {t('journeys.sent', { count: simulation.sends })}
          {Object.entries(simulation.ended).map(([how, count]) => ` · ${tOr(`run.${how}`, how)} ${number(count)}`)}
          {simulation.partial && <> · <span class="problem-text" lang="en">{simulation.partial.reason}</span></>}
        </p>
      )}</div>
      {simulation && (
        <>
          <Map steps={steps} shown={{ rehearsed: simulation }} linkTo={() => undefined} />
          {perDay.length > 0 && (
            <figure class="card figures">
              <figcaption>{t('rehearsal.perDay')}</figcaption>
              <div class="scrolls" tabIndex={0} role="group" aria-label={t('rehearsal.perDay')}><table class="inner">
                <thead><tr><th scope="col">{t('audit.at')}</th><th scope="col" class="number">{t('standing.messages')}</th><th scope="col" class="wide"><span class="hidden">{t('reports.bar')}</span></th></tr></thead>
                <tbody>{perDay.map(one => <tr key={one.day}><th scope="row">{exact(`${one.day}T12:00:00Z`, { dateStyle: 'medium' })}</th><td class="number">{number(one.count)}<span class="quiet beside">{Object.entries(one.sends).map(([template, count]) => `${template} ${number(count)}`).join(' · ')}</span></td><td class="wide"><meter min={0} max={most} value={one.count} aria-hidden="true" /></td></tr>)}</tbody>
              </table></div>
            </figure>
          )}
        </>
      )}
    </>
  );
}
