import type { TailItem } from '../api/types';
import { exact } from '../parts/When';
import { region, t, tOr } from '../words/words';

/** What it is called: a track by its name, others by what they are, a request that could not be taken apart by that. */
export const titleOf = (item: TailItem) => !item.type ? t('live.request') : item.type === 'track' ? item.name ?? t('live.request') : tOr(`event.${item.type}`, item.name ?? item.type);

export const whoOf = (item: TailItem) => item.email ?? item.userId ?? (item.anonymousId && t('lead.anonymous'));

export const whyOf = (item: TailItem) => item.reason && tOr(`live.why.${item.reason}`, item.reason);

export const pointsOf = (item: TailItem) => item.points?.reduce((sum, { points }) => sum + points, 0);

/** To the second, in the workspace's zone. */
export const second = (at: string) => exact(at, { timeStyle: 'medium' });

export function lag(milliseconds: number) {
  const unit = milliseconds < 1000 ? 'millisecond' : milliseconds < 120_000 ? 'second' : 'minute';
  const value = milliseconds / (unit === 'millisecond' ? 1 : unit === 'second' ? 1000 : 60_000);
  return new Intl.NumberFormat(region.value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: unit === 'millisecond' ? 0 : 1 }).format(value);
}
