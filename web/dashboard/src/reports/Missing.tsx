import { may } from '../session/session';
import { t, tOr, type Key } from '../words/words';

/** Where that comes from which a figure counts. */
const from: Record<string, { href: string; text: Key }> = {
  'new-leads': { href: '/app/live/install', text: 'live.check' }, reopened: { href: '/app/live', text: 'live.title' }, mqls: { href: '/app/scoring', text: 'nav.scoring' },
  'cost-per-mql': { href: '/app/settings?part=costs', text: 'settings.costs' }, ctr: { href: '/app/messages', text: 'nav.messages' }, 'handover-conversion': { href: '/app/sales', text: 'nav.sales' }
};

/** What has to come in before somebody is counted. */
export const missing = (metric: string) => tOr(`missing.${metric}`, t('missing.other'));

/** Nobody is counted: it says what to do. */
export const Missing = ({ metric }: { metric: string }) => {
  const { href, text } = from[metric] ?? { href: '/app/live', text: 'live.title' };
  return <p class="missing">{missing(metric)} {(!href.startsWith('/app/settings') || may('marketer')) && <a href={href}>{t(text)}</a>}</p>;
};
