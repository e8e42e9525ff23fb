import { useEffect, useState } from 'preact/hooks';
import { type ApiError, call } from '../api/client';
import type { CampaignForecast, ListedCampaign } from '../api/types';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { exact } from '../parts/When';
import { Dialog } from '../shell/Dialog';
import { number, t } from '../words/words';
import { recipientsOf } from './Recipients';

interface Now { campaign: ListedCampaign; count: number; isPartial: boolean }

/** Goes on with a campaign, or calls it off: after one has seen whom that concerns, as it is now. Whom one would reach that has not begun is counted as before it was made. */
export function CampaignChange({ id, name, change, close, again }: { id: string; name: string; change: 'resume' | 'cancel'; close: () => void; again: () => void }) {
  const [now, setNow] = useState<Now>();
  const [error, setError] = useState<ApiError>();
  const { said, isBusy, act } = useSaying();
  const read = () => {
    const stop = new AbortController();
    setError(undefined);
    effectOf(id, stop.signal).then(setNow, (failed: ApiError) => { if (!stop.signal.aborted) setError(failed); });
    return () => stop.abort();
  };
  useEffect(read, [id]);
  const title = t(change === 'resume' ? 'campaigns.resumeTitle' : 'campaigns.cancelTitle', { name });
  const go = () => act(async () => { await call(`/api/campaigns/${id}/${change}`, { method: 'POST' }); close(); again(); });
  return (
    <Dialog label={title} close={close} isBusy={isBusy}>
      <h2>{title}</h2>
      {error && <Failure error={error} again={read} />}
      {!now && !error && <div class="tall" />}
      {now && (
        <>
          <p>{now.campaign.startedAt ? t('campaigns.left', { count: now.count, all: number(now.campaign.recipients) }) : t('campaigns.notBegun', { at: exact(now.campaign.at) })} {t(change === 'resume' ? 'campaigns.resumes' : 'campaigns.cancels')} {now.campaign.open > 0 && <a href={recipientsOf(id, 'open')}>{t('campaigns.see')}</a>}</p>
          {now.isPartial && <p class="ribbon">{t('campaigns.atLeast', { count: now.count })}</p>}
          <p class="problem-text" role="alert">{said}</p>
          <p class="row"><button class="primary" aria-disabled={isBusy} onClick={() => !isBusy && go()}>{t(change === 'resume' ? 'campaigns.resumeGo' : 'campaigns.cancelGo', { count: now.count })}</button><button disabled={isBusy} onClick={close}>{t('campaigns.back')}</button></p>
        </>
      )}
    </Dialog>
  );
}

async function effectOf(id: string, signal: AbortSignal): Promise<Now> {
  const campaign = await call<ListedCampaign>(`/api/campaigns/${id}`, { signal });
  if (campaign.startedAt) return { campaign, count: campaign.open, isPartial: false };
  const forecast = await call<CampaignForecast>(`/api/campaigns/${id}/resume?dryRun=true`, { method: 'POST', signal });
  return { campaign, count: forecast.send + forecast.hold, isPartial: forecast.partial };
}
