import type { LeadCounts } from '../api/types';
import { number, t } from '../words/words';

/** How many are known; and apart from them those of whom nobody knows a name. */
export const Counts = ({ counts }: { counts?: LeadCounts }) =>
  <p class="quiet">{counts ? <>{t('leads.known', { count: counts.known })} · <Anonymous anonymous={counts.anonymous} /></> : <>&nbsp;</>}</p>;

export const Anonymous = ({ anonymous: { count, isLeast } }: { anonymous: LeadCounts['anonymous'] }) =>
  <>{isLeast ? t('leads.anonymousLeast', { count, shown: number(count) }) : t('leads.anonymousCount', { count })}</>;

/** Nobody is known yet; but somebody may have been here. */
export const Nobody = ({ counts }: { counts?: LeadCounts }) =>
  <>{t('leads.nobody')} {counts && counts.anonymous.count > 0 && <><Anonymous anonymous={counts.anonymous} />. </>}<a href="/app/live/install">{t('leads.install')}</a></>;
