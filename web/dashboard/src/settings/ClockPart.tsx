import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { Clock, MovedClock } from '../api/types';
import { Failure } from '../parts/Failure';
import { exact } from '../parts/When';
import { whoAmI } from '../session/session';
import { t } from '../words/words';
import { useSaying } from './useSaying';

const steps = ['1h', '1d', '1w'] as const;

/** Moves the app's clock on where it can be moved, and tells what became due on the way. */
export function ClockPart() {
  const { data, error, again } = useLoad<Clock>('/api/clock');
  const { said, isBusy, act } = useSaying();
  const [moved, setMoved] = useState<MovedClock>();
  const move = (advance: string) => act(async () => {
    setMoved(await call<MovedClock>('/api/clock', { method: 'POST', body: { advance } }));
    again();
    await whoAmI(); // pages tell the time by it
  });
  return (
    <section class="card">
      <h2>{t('settings.clock')}</h2>
      {error && <Failure error={error} again={again} />}
      <p>{data ? t(data.frozen ? 'clock.stands' : 'clock.goes', { at: exact(data.now) }) : '…'}</p>
      <p class="row">{steps.map(step => <button key={step} disabled={isBusy} onClick={() => move(step)}>{t(`clock.${step}`)}</button>)}<span class="quiet" role="status">{isBusy && t('clock.moving')}</span></p>
      <p class="problem-text" role="alert">{said}</p>
      {moved && (
        <>
          <h3>{t('clock.happened')}</h3>
          {moved.happened.length === 0 && <p class="quiet">{t('clock.nothing')}</p>}
          <ol class="plain">{moved.happened.map(one => <li>{exact(one.at)} <b>{one.journey ?? t('clock.leads', { count: one.count ?? 0 })}</b> {one.step && <span class="quiet">{one.step}</span>}</li>)}</ol>
          {moved.more > 0 && <p class="quiet">{t('clock.more', { count: moved.more })}</p>}
        </>
      )}
    </section>
  );
}
