import { signal } from '@preact/signals';
import { me, now } from '../session/session';
import { region, t } from '../words/words';

/** Where the lead lives whose page this is: its own time stands beside the workspace's. */
export const ownZone = signal<string | undefined>(undefined);

const minute = 60_000, hour = 60 * minute, day = 24 * hour;
const zone = () => me.value?.timeZone ?? 'UTC';

/** Day and time in the workspace's zone. */
export const exact = (at: string, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }) =>
  new Intl.DateTimeFormat(region.value, { timeZone: zone(), ...options }).format(new Date(at));

/** "3 hours ago", "in 2 days"; of what is further than a month away its day. */
export function relative(at: string) {
  const distance = Date.parse(at) - now();
  const format = new Intl.RelativeTimeFormat(region.value, { numeric: 'auto', style: 'short' });
  const size = Math.abs(distance);
  if (size < hour) return format.format(Math.round(distance / minute), 'minute');
  if (size < day) return format.format(Math.round(distance / hour), 'hour');
  if (size < 31 * day) return format.format(Math.round(distance / day), 'day');
  return exact(at, { dateStyle: 'medium' });
}

/** Nothing is known of it: a dash. */
export const When = ({ at }: { at?: string | undefined }) => at === undefined ? <span class="quiet">–</span> : <time dateTime={at} title={[`${exact(at)} (${zone()})`, ownZone.value && ownZone.value !== zone() && t('when.own', { at: exact(at, { dateStyle: 'medium', timeStyle: 'short', timeZone: ownZone.value }), zone: ownZone.value })].filter(Boolean).join(', ')}>{relative(at)}</time>;
