import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { ListedCampaign } from '../api/types';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { exact } from '../parts/When';
import { Dialog } from '../shell/Dialog';
import { number, t } from '../words/words';
import { recipientsOf } from './Recipients';

/** Goes on with a campaign, or calls it off: after one has seen whom that concerns, as it is now. */
export function CampaignChange({ id, name, change, close, again }: { id: string; name: string; change: 'resume' | 'cancel'; close: () => void; again: () => void }) {
  const { data: now, error, again: retry } = useLoad<ListedCampaign>(`/api/campaigns/${id}`);
  const { said, isBusy, act } = useSaying();
  const title = t(change === 'resume' ? 'campaigns.resumeTitle' : 'campaigns.cancelTitle', { name });
  const go = () => act(async () => { await call(`/api/campaigns/${id}/${change}`, { method: 'POST' }); close(); again(); });
  return (
    <Dialog label={title} close={close} isBusy={isBusy}>
      <h2>{title}</h2>
      {error && <Failure error={error} again={retry} />}
      {!now && !error && <div class="tall" />}
      {now && (
        <>
          <p>{now.startedAt ? t('campaigns.left', { count: now.open, all: number(now.recipients) }) : t('campaigns.notBegun', { at: exact(now.at) })} {t(change === 'resume' ? 'campaigns.resumes' : 'campaigns.cancels')} {now.open > 0 && <a href={recipientsOf(id, 'open')}>{t('campaigns.see')}</a>}</p>
          <p class="problem-text" role="alert">{said}</p>
          <p class="row"><button class="primary" aria-disabled={isBusy} onClick={() => !isBusy && go()}>{now.startedAt ? t(change === 'resume' ? 'campaigns.resumeGo' : 'campaigns.cancelGo', { count: now.open }) : t(`campaigns.${change}`)}</button><button onClick={close}>{t('campaigns.back')}</button></p>
        </>
      )}
    </Dialog>
  );
}
