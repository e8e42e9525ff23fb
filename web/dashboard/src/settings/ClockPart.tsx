import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { Clock, MovedClock } from '../api/types';
import { Failure } from '../parts/Failure';
import { exact } from '../parts/When';
import { whoAmI } from '../session/session';
import { useSaying } from '../parts/useSaying';
import { t } from '../words/words';

const steps = ['1h', '1d', '1w'] as const;

/** Moves the app's clock on where it can be moved, and tells what became due on the way. */
export function ClockPart() {
  const { data, error, again } = useLoad<Clock>('/api/clock');
  const { said, isBusy, act } = useSaying();
  const [moved, setMoved] = useState<MovedClock>();
  const move = (how: { advance: string } | { to: 'next' }) => act(async () => {
    setMoved(await call<MovedClock>('/api/clock', { method: 'POST', body: how }));
    again();
    await whoAmI(); // pages tell the time by it
  });
  return (
    <section class="card">
      <h2>{t('settings.clock')}</h2>
      {error && <Failure error={error} again={again} />}
      <p>{data ? t(data.frozen ? 'clock.stands' : 'clock.goes', { at: exact(data.now) }) : '…'}</p>
      <p class="row">{steps.map(step => <button key={step} disabled={isBusy} onClick={() => move({ advance: step })}>{t(`clock.${step}`)}</button>)}<button disabled={isBusy} onClick={() => move({ to: 'next' })}>{t('clock.next')}</button><span class="quiet" role="status">{isBusy && t('clock.moving')}</span></p>
      <p class="problem-text" role="alert">{said}</p>
      {moved && (
        <>
          <h3>{t('clock.happened')}</h3>
          {moved.happened.length === 0 && <p class="quiet">{t('clock.nothing')}</p>}
          <ol class="plain">{moved.happened.map(one => <li>{exact(one.at)} <What one={one} /></li>)}</ol>
          {moved.more > 0 && <p class="quiet">{t('clock.more', { count: moved.more })}</p>}
        </>
      )}
    </section>
  );
}

/** What came, and where it can be looked at. */
function What({ one }: { one: MovedClock['happened'][number] }) {
  if (one.kind === 'campaign') return <a href="/app/messages?part=campaigns">{t('clock.campaign')}</a>;
  if (one.kind === 'other') return <span class="quiet">{t('clock.other', { count: one.count ?? 0 })}</span>;
  const [lead] = one.leads ?? [];
  if (one.kind === 'run') return <><b><a href={`/app/journeys/${one.journey}${one.step ? `?step=${encodeURIComponent(one.step)}` : ''}`}>{one.journey}</a></b> {one.step && <span class="quiet">{one.step}</span>} {lead && <a href={`/app/leads/${lead}`}>{t('lead.title')}</a>}</>;
  return <><b>{t('clock.leads', { count: one.count ?? 0 })}</b> {one.leads?.map((id, place) => <>{place > 0 && ', '}<a href={`/app/leads/${id}`}>{t('lead.title')} {id.slice(0, 6)}</a></>)}{(one.count ?? 0) > (one.leads?.length ?? 0) && ' …'}</>;
}
