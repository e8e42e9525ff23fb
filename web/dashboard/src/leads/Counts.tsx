import { useLoad } from '../api/load';
import type { LeadCounts } from '../api/types';
import { number, t } from '../words/words';
import { countsPath } from './filter';

/** How many are known; and apart from them those of whom nobody knows a name. */
export function Counts() {
  const { data } = useLoad<LeadCounts>(countsPath);
  return <p class="quiet">{data ? <>{t('leads.known', { count: data.known })} · <Anonymous anonymous={data.anonymous} /></> : <>&nbsp;</>}</p>;
}

export const Anonymous = ({ anonymous: { count, isLeast } }: { anonymous: LeadCounts['anonymous'] }) =>
  <>{isLeast ? t('leads.anonymousLeast', { count, shown: number(count) }) : t('leads.anonymousCount', { count })}</>;

/** Nobody is known yet; but somebody may have been here. */
export function Nobody() {
  const { data } = useLoad<LeadCounts>(countsPath);
  return <>{t('leads.nobody')} {data && data.anonymous.count > 0 && <><Anonymous anonymous={data.anonymous} />. </>}<a href="/app/live/install">{t('leads.install')}</a></>;
}
