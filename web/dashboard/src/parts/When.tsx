import { me, now } from '../session/session';
import { region } from '../words/words';

const minute = 60_000, hour = 60 * minute, day = 24 * hour;
const zone = () => me.value?.timeZone ?? 'UTC';

/** Day and time in the workspace's zone. */
export const exact = (at: string, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }) =>
  new Intl.DateTimeFormat(region.value, { ...options, timeZone: zone() }).format(new Date(at));

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
export const When = ({ at }: { at?: string | undefined }) => at === undefined ? <span class="quiet">–</span> : <time dateTime={at} title={`${exact(at)} (${zone()})`}>{relative(at)}</time>;
