import type { JourneyLift } from '../api/types';
import { percent, t } from '../words/words';

/** Who is inside, who came, and what it was good for. */
export const JourneySums = ({ inside, entered, goals, sent, lift }: { inside: number; entered: number; goals: number; sent: number; lift?: JourneyLift | null }) => (
  <>
    {t('journeys.inside', { count: inside })} · {t('journeys.entered', { count: entered })} · {t('journeys.goals', { count: goals })}{entered > 0 && ` (${percent(goals / entered)})`} · {t('journeys.sent', { count: sent })}
    {lift && <LiftSays lift={lift} />}
  </>
);

/** What the journey changes about reaching its goal, once there is a verdict. */
const LiftSays = ({ lift }: { lift: JourneyLift }) => lift.verdict
  ? <> · <strong>{t(`lift.${lift.verdict}`)}</strong>{lift.difference !== undefined && lift.interval && ` ${t('lift.is', { difference: percent(lift.difference), low: percent(lift.interval.low), high: percent(lift.interval.high) })}`}</>
  : null;
