import type { JourneyLift } from '../api/types';
import { percent, t } from '../words/words';
import type { LinkTo } from './counted';
import { Who } from './Who';

/** Who is inside, who came, and what it was good for: each number leads to those whom it counts. */
export const JourneySums = ({ inside, entered, goals, sent, lift, linkTo }: { inside: number; entered: number; goals: number; sent: number; lift?: JourneyLift | null; linkTo: LinkTo }) => (
  <>
    <Who to={linkTo} count={inside} of="inside">{t('journeys.inside', { count: inside })}</Who> · <Who to={linkTo} count={entered} of="entered">{t('journeys.entered', { count: entered })}</Who>
    {' · '}<Who to={linkTo} count={goals} of="ended" how="goal">{t('journeys.goals', { count: goals })}</Who>{entered > 0 && ` (${percent(goals / entered)})`} · <Who to={linkTo} count={sent} of="sent">{t('journeys.sent', { count: sent })}</Who>
    {lift && <LiftSays lift={lift} />}
  </>
);

/** What the journey changes about reaching its goal, once there is a verdict. */
const LiftSays = ({ lift }: { lift: JourneyLift }) => lift.verdict
  ? <> · <strong>{t(`lift.${lift.verdict}`)}</strong>{lift.difference !== undefined && lift.interval && ` ${t('lift.is', { difference: percent(lift.difference), low: percent(lift.interval.low), high: percent(lift.interval.high) })}`}</>
  : null;
