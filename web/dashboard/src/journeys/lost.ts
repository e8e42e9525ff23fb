import type { JourneyStats } from '../api/types';
import { t } from '../words/words';

type StepStats = JourneyStats['steps'][string];

/** How often something failed at a step, or came back. */
export const failedAt = ({ left }: Pick<StepStats, 'left'>) => (left.failed ?? 0) + (left.runFailed ?? 0) + (left.bounced ?? 0);

/** How often a step was left out. */
export const skippedAt = ({ skipped }: StepStats) => Object.values(skipped).reduce((sum, count) => sum + count, 0);

/** As a sentence of its own: the reasons stand elsewhere. */
export const leftOut = (count: number) => t('map.skipped', { count }).replace(/:$/, '.');
