import { useEffect, useState } from 'preact/hooks';
import { call, type ApiError } from '../../api/client';
import type { Migration } from '../../api/types';
import { flat, stepsOf } from '../../journeys/tree';
import { Failure } from '../../parts/Failure';
import { number, t } from '../../words/words';

/** Where people inside an older version would go on; who has no place there is given one, or stays. Moving them is a step of its own, after the version is live. */
export function Migrate({ journey, from, to, text, isLive, busy }: { journey: string; from: number; to: number; text: string; isLive: boolean; /** That somebody is being moved. */ busy: (isBusy: boolean) => void }) {
  const [map, setMap] = useState<Record<string, string | null>>({});
  const [asked, setAsked] = useState<{ of: typeof map; migration: Migration }>();
  const [moved, setMoved] = useState<number>();
  const [error, setError] = useState<ApiError>();
  const [isBusy, setIsBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const ask = (dryRun: boolean, signal?: AbortSignal) => call<Migration>(`/api/journeys/${encodeURIComponent(journey)}/migrate`, { method: 'POST', body: { from, to, map, dryRun }, signal });
  useEffect(() => {
    if (moved !== undefined) return;
    const abort = new AbortController();
    ask(true, abort.signal).then(found => { setAsked({ of: map, migration: found }); setError(undefined); }, (error: ApiError) => { if (!abort.signal.aborted) setError(error); });
    return () => abort.abort();
  }, [map, turn]);
  const move = async () => {
    setIsBusy(true);
    busy(true);
    try {
      setMoved((await ask(false)).moved);
    } catch (error) {
      setError(error as ApiError);
    }
    setIsBusy(false);
    busy(false);
  };

  const migration = asked?.migration;
  const isCurrent = asked?.of === map && !error; // else the button would say another number than it moves
  const steps = flat(stepsOf(JSON.parse(text))); // it is what was saved
  const rows = [...migration?.stuck.map(one => ({ from: one.step, runs: one.runs, to: undefined as string | null | undefined })) ?? [], ...migration?.moves.map(one => ({ from: one.from, runs: one.runs, to: one.to ?? null })) ?? []].sort((one, other) => one.from.localeCompare(other.from));
  const moving = migration?.moves.reduce((sum, one) => sum + one.runs, 0) ?? 0;
  const choose = (step: string, chosen: string) => setMap(({ [step]: _, ...others }) => chosen === '' ? others : { ...others, [step]: chosen === end ? null : chosen });
  if (moved !== undefined) return <p role="status">{t('migrate.moved', { count: moved, version: to })}</p>;
  return (
    <section class="migrate">
      <h3>{t('migrate.title', { from, to })}</h3>
      {error && <Failure error={error} again={() => setTurn(turn + 1)} />}
      {rows.length > 0 && (
        <div class="scrolls" tabIndex={0} role="group" aria-label={t('migrate.title', { from, to })}><table class="inner">
          <thead><tr><th scope="col">{t('migrate.at')}</th><th scope="col" class="number">{t('reports.counted')}</th><th scope="col">{t('migrate.to')}</th></tr></thead>
          <tbody>{rows.map(row => (
            <tr key={row.from}>
              <th scope="row">{row.from}</th><td class="number">{number(row.runs)}</td>
              <td><select aria-label={t('migrate.toOf', { step: row.from })} value={placeOf(row.from in map ? map[row.from] : row.to)} onChange={event => choose(row.from, event.currentTarget.value)}>
                {(row.to === undefined || row.from in map) && <option value="">{t('migrate.stays', { version: from })}</option>}
                {steps.map(step => <option key={step.id} value={step.id}>{step.title}</option>)}
                <option value={end}>{t('migrate.end')}</option>
              </select></td>
            </tr>
          ))}</tbody>
        </table></div>
      )}
      {!isCurrent && !error && <p role="status" class="quiet">{t('publish.looking')}</p>}
      {error && <p>{t('publish.notKnown')}</p>}
      {migration && migration.runs === 0 && <p class="quiet">{t('map.nobodyHere')}</p>}
      {isLive ? moving > 0 && <button class="primary" disabled={isBusy || !isCurrent} onClick={move}>{t('migrate.go', { count: moving, version: to })}</button> : <p class="quiet">{t('migrate.later')}</p>}
    </section>
  );
}

/** No step's id has a blank. */
const end = ' end';
const placeOf = (to: string | null | undefined) => to === null ? end : to ?? '';
