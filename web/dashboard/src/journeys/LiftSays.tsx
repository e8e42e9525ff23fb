import type { JourneyLift } from '../api/types';
import { percent, t } from '../words/words';

/** What the journey changes about reaching its goal, once there is a verdict. */
export const LiftSays = ({ lift }: { lift: JourneyLift }) => lift.verdict
  ? <> · <strong>{t(`lift.${lift.verdict}`)}</strong>{lift.difference !== undefined && lift.interval && ` ${t('lift.is', { difference: percent(lift.difference), low: percent(lift.interval.low), high: percent(lift.interval.high) })}`}</>
  : null;
