import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { ResumeForecast } from '../api/types';
import { useSaying } from '../parts/useSaying';
import { Dialog } from '../shell/Dialog';
import { t } from '../words/words';

/** Holds everybody inside, or lets them go on: after one has seen what that would send at once. */
export function Hold({ path, state, again }: { path: string; state: string; again: () => void }) {
  const [forecast, setForecast] = useState<ResumeForecast>();
  const { said, act } = useSaying();
  if (state !== 'live' && state !== 'paused') return null;

  const ask = <T,>(action: string) => call<T>(`${path}/${action}`, { method: 'POST' });
  const change = (action: string) => act(async () => { await ask(action); setForecast(undefined); again(); });
  return (
    <>
      {state === 'live'
        ? <button onClick={() => change('pause')}>{t('hold.pause')}</button>
        : <button onClick={() => act(async () => setForecast(await ask<ResumeForecast>('resume?dryRun=true')))}>{t('hold.resume')}</button>}
      {said && !forecast && <span class="problem-text" role="alert">{said}</span>}
      {forecast && (
        <Dialog label={t('hold.title')} close={() => setForecast(undefined)}>
          <h2>{t('hold.title')}</h2>
          <p>{t('hold.inside', { count: forecast.runs })} {t('hold.messages', { count: forecast.messages })} {forecast.tooLate > 0 && t('hold.late', { count: forecast.tooLate })}</p>
          <ul class="plain">{Object.entries(forecast.sends).map(([template, count]) => <li>{template}: {t('map.went', { count })}</li>)}</ul>
          <p class="problem-text" role="alert">{said}</p>
          <p class="row"><button class="primary" onClick={() => change('resume')}>{forecast.messages > 0 ? t('hold.go', { count: forecast.messages }) : t('hold.resume')}</button><button onClick={() => setForecast(undefined)}>{t('publish.cancel')}</button></p>
        </Dialog>
      )}
    </>
  );
}
