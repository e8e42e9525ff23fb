// Who may what, from where, and by which rules; and what time it is.
import { useRoute } from 'preact-iso';
import { may } from '../session/session';
import { NotFound } from '../shell/NotFound';
import { Title } from '../shell/Title';
import { t } from '../words/words';
import { AccessPart } from './AccessPart';
import { ClockPart } from './ClockPart';
import { Costs } from './Costs';
import { GoalsPart } from './GoalsPart';
import { Keys } from './Keys';
import { Running } from './Running';
import { SettingText } from './SettingText';
import { Sources } from './Sources';

const forAdmins = ['keys', 'sources', 'texts', 'clock'] as const;
const parts = ['keys', 'access', 'sources', 'texts', 'goals', 'costs', 'running', 'clock'] as const;
const texts = ['messaging', 'topics', 'approvals', 'holdout'] as const;

export function Settings() {
  const { query } = useRoute();
  if (!may('marketer')) return <NotFound />;
  const seen = parts.filter(one => may('admin') || !forAdmins.some(other => other === one));
  const part = seen.find(one => one === query.part) ?? seen[0]!; // some are everybody's who sees the page
  return (
    <>
      <Title text={t('settings.title')} />
      <ul class="tabs" aria-label={t('settings.parts')}>{seen.map(one => <li key={one}><a href={`/app/settings?part=${one}`} aria-current={one === part ? 'page' : undefined}>{t(`settings.${one}`)}</a></li>)}</ul>
      <div class="rows settings">
        {part === 'keys' && <Keys />}
        {part === 'access' && <AccessPart />}
        {part === 'sources' && <Sources />}
        {part === 'texts' && texts.map(name => <SettingText key={name} name={name} />)}
        {part === 'goals' && <GoalsPart />}
        {part === 'costs' && <Costs />}
        {part === 'running' && <Running />}
        {part === 'clock' && <ClockPart />}
      </div>
    </>
  );
}
