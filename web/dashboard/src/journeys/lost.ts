import type { JourneyStats } from '../api/types';

type StepStats = JourneyStats['steps'][string];

/** How often something failed at a step, or came back. */
export const failedAt = ({ left }: StepStats) => (left.failed ?? 0) + (left.runFailed ?? 0) + (left.bounced ?? 0);

/** How often a step was left out. */
export const skippedAt = ({ skipped }: StepStats) => Object.values(skipped).reduce((sum, count) => sum + count, 0);
