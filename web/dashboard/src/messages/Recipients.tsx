// Exactly those whom a number of a campaign counts.
import { useLoad } from '../api/load';
import type { CampaignPerson, ListedCampaign } from '../api/types';
import { Counted } from '../parts/Counted';
import { exact } from '../parts/When';
import { queryOf } from '../reports/figures';
import { t, tOr } from '../words/words';

export const recipientsOf = (campaign: string, of: string, why?: string) => `/app/messages?${queryOf({ part: 'campaigns', campaign, of, why })}`;

export function Recipients({ id, of, why }: { id: string; of: string; why?: string }) {
  const campaign = useLoad<ListedCampaign>(`/api/campaigns/${id}`);
  return (
    <section class="card" aria-labelledby="recipients">
      <p class="trail"><a href="/app/messages?part=campaigns">{t('messages.campaigns')}</a></p>
      <h2 id="recipients">{campaign.data?.name ?? '…'} · {why ? <span lang="en">{why}</span> : tOr(`campaigns.of.${of}`, tOr(`message.${of}`, of))}</h2>
      <Counted<CampaignPerson> path={`/api/campaigns/${id}/people?${queryOf({ of, why, limit: '25' })}`} notKept="campaigns.notKept"
        says={one => <>{tOr(`message.${one.state}`, t('campaigns.of.open'))}{one.notBefore && ` · ${t('campaigns.notBefore', { at: exact(one.notBefore) })}`}{one.why && <>. <span lang="en">{one.why}</span></>}</>} />
    </section>
  );
}
