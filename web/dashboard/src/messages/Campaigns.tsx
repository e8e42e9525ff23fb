import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { ListedCampaign, Page } from '../api/types';
import { Failure } from '../parts/Failure';
import { exact } from '../parts/When';
import { useSaying } from '../parts/useSaying';
import { may } from '../session/session';
import { number, t } from '../words/words';

/** What was sent once to many, how far each is, and why somebody did not get it. */
export function Campaigns() {
  const { data, error, again } = useLoad<Page<ListedCampaign>>('/api/campaigns');
  if (!data) return error ? <Failure error={error} again={again} /> : <div class="tall" />;
  return data.items.length === 0 ? <p class="empty">{t('campaigns.none')}</p> : <ul class="rows">{data.items.map(campaign => <One key={campaign.id} campaign={campaign} again={again} />)}</ul>;
}

function One({ campaign, again }: { campaign: ListedCampaign; again: () => void }) {
  const { said, isBusy, act } = useSaying();
  const { id, name, status, recipients, sent, skipped, bounced, failed } = campaign;
  const isOn = status === 'scheduled' || status === 'collecting' || status === 'sending' || status === 'waiting';
  const actions = !may('marketer') ? [] : isOn ? ['pause', 'cancel'] as const : status === 'paused' ? ['resume', 'cancel'] as const : [];
  return (
    <li class="card">
      <p class="row"><b class="grow" data-row tabIndex={-1}>{name}</b><span class="stage">{t(`campaign.${status}`)}</span>
        {actions.map(action => <button key={action} disabled={isBusy} aria-label={`${t(`campaigns.${action}`)}: ${name}`} onClick={() => act(async () => { await call(`/api/campaigns/${id}/${action}`, { method: 'POST' }); again(); })}>{t(`campaigns.${action}`)}</button>)}</p>
      <p class="quiet">{exact(campaign.at)} · {campaign.template} · {campaign.by}</p>
      <p class="counts">{t('campaigns.recipients', { count: recipients })} · {t('journeys.sent', { count: sent })}{skipped > 0 && ` · ${t('map.skipped', { count: skipped })}`}{bounced > 0 && ` · ${t('message.bounced')} ${number(bounced)}`}</p>
      {failed > 0 && <p class="leak"><span aria-hidden="true">▲ </span>{t('map.failed', { count: failed })}</p>}
      {campaign.reason && <p class="problem-text" lang="en">{campaign.reason}</p>}
      {Object.keys(campaign.notSent).length > 0 && <details><summary>{t('campaigns.why')}</summary><ul class="plain">{Object.entries(campaign.notSent).map(([why, count]) => <li><span lang="en">{why}</span> <span class="quiet">{number(count)}</span></li>)}</ul></details>}
      <p class="problem-text" role="alert">{said}</p>
    </li>
  );
}
