import { useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { ListedCampaign, Page, Report } from '../api/types';
import { Failure } from '../parts/Failure';
import { Opens } from '../parts/Opens';
import { exact } from '../parts/When';
import { useSaying } from '../parts/useSaying';
import { lastDays, pageOf, queryOf } from '../reports/figures';
import { may } from '../session/session';
import { number, t } from '../words/words';
import { CampaignChange } from './CampaignChange';
import { NewCampaign } from './NewCampaign';
import { Recipients, recipientsOf } from './Recipients';

export function Campaigns() {
  const { campaign, of, why } = useRoute().query;
  return campaign && of ? <Recipients id={campaign} of={of} why={why} /> : <All />;
}

/** What people did is looked for so far back. */
const days = 90;

/** What was sent once to many, how far each is, and why somebody did not get it. */
function All() {
  const { data, error, again } = useLoad<Page<ListedCampaign>>('/api/campaigns');
  const range = lastDays(days);
  const wasSent = data?.items.some(campaign => campaign.sent > 0);
  const read = useLoad<Report>(wasSent ? `/api/reports/open-rate?${queryOf({ ...range, by: 'campaign' })}` : null);
  const clicked = useLoad<Report>(wasSent ? `/api/reports/ctr?${queryOf({ ...range, by: 'campaign' })}` : null);
  if (!data) return error ? <Failure error={error} again={again} /> : <div class="tall" />;
  const did = (report: Report | undefined, id: string) => report?.rows.find(row => row.campaign === id)?.numerator ?? 0;
  return (
    <>
      {data.items.length === 0 ? <p class="empty">{t('campaigns.none')}</p> : <ul class="rows">{data.items.map(campaign => <One key={campaign.id} campaign={campaign} range={range} opened={did(read.data, campaign.id)} clicked={did(clicked.data, campaign.id)} again={again} />)}</ul>}
      {may('marketer') && <NewCampaign isFirst={data.items.length === 0} again={again} />}
    </>
  );
}

const Whom = ({ id, of, count, text }: { id: string; of: string; count: number; text: string }) => <Opens count={count} href={recipientsOf(id, of)}>{text}</Opens>;

const Did = ({ id, range, metric, count, text }: { id: string; range: Record<string, string>; metric: string; count: number; text: string }) =>
  count > 0 ? <> · <Opens count={count} href={pageOf(metric, { ...range, campaign: id, of: 'part' }, true)}>{text} {number(count)}</Opens></> : null;

function One({ campaign, range, opened, clicked, again }: { campaign: ListedCampaign; range: Record<string, string>; opened: number; clicked: number; again: () => void }) {
  const { said, isBusy, act } = useSaying();
  const [change, setChange] = useState<'resume' | 'cancel'>();
  const { id, name, status, recipients, open, sent, unconfirmed, skipped, bounced, failed, returned } = campaign;
  const isOn = status === 'scheduled' || status === 'collecting' || status === 'sending' || status === 'waiting';
  const actions = !may('marketer') ? [] : isOn ? ['pause', 'cancel'] as const : status === 'paused' ? ['resume', 'cancel'] as const : [];
  const hold = () => act(async () => { await call(`/api/campaigns/${id}/pause`, { method: 'POST' }); again(); });
  return (
    <li class="card">
      <p class="row"><b class="grow" data-row tabIndex={-1}>{name}</b><span class="stage">{t(`campaign.${status}`)}</span>
        {actions.map(action => <button key={action} disabled={isBusy} aria-label={`${t(`campaigns.${action}`)}: ${name}`} onClick={() => action === 'pause' ? hold() : setChange(action)}>{t(`campaigns.${action}`)}</button>)}</p>
      <p class="quiet">{exact(campaign.at)} · <a href={`/app/rules/templates/${encodeURIComponent(campaign.template)}`}>{campaign.template}</a>{campaign.segment && <> · {campaign.segment}</>} · {campaign.by}</p>
      {!campaign.startedAt ? <p class="quiet">{t('campaigns.unknown')}</p> : <p class="counts">
        <Whom id={id} of="recipients" count={recipients} text={t('campaigns.recipients', { count: recipients })} /> · <Whom id={id} of="sent" count={sent} text={t('journeys.sent', { count: sent })} />
        {open > 0 && status !== 'cancelled' && <> · <Whom id={id} of="open" count={open} text={t('campaigns.open', { count: open })} /></>}
        {unconfirmed > 0 && <> · <Whom id={id} of="unconfirmed" count={unconfirmed} text={`${t('message.unconfirmed')} ${number(unconfirmed)}`} /></>}
        {skipped > 0 && <> · <Whom id={id} of="skipped" count={skipped} text={`${t('message.skipped')} ${number(skipped)}`} /></>}
        {bounced > 0 && <> · <Whom id={id} of="bounced" count={bounced} text={`${t('message.bounced')} ${number(bounced)}`} /></>}
        {returned > 0 && <> · <Whom id={id} of="returned" count={returned} text={t('campaigns.returned', { count: returned })} /></>}
        <Did id={id} range={range} metric="open-rate" count={opened} text={t('message.opened')} /><Did id={id} range={range} metric="ctr" count={clicked} text={t('message.clicked')} />
      </p>}
      {failed > 0 && <p class="leak"><span aria-hidden="true">▲ </span><Whom id={id} of="failed" count={failed} text={t('map.failed', { count: failed })} /></p>}
      {campaign.reason && <p class="problem-text" lang="en">{campaign.reason}</p>}
      {Object.keys(campaign.notSent).length > 0 && <details><summary>{t('campaigns.why')}</summary><ul class="plain">{Object.entries(campaign.notSent).map(([why, count]) => <li><span lang="en">{why}</span> <Opens count={count} href={recipientsOf(id, 'notSent', why)}>{number(count)}</Opens></li>)}</ul></details>}
      <p class="problem-text" role="alert">{said}</p>
      {change && <CampaignChange id={id} name={name} change={change} close={() => setChange(undefined)} again={again} />}
    </li>
  );
}
