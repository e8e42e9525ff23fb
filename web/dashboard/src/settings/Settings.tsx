// Who may what, from where, and by which rules; and what time it is.
import { useRoute } from 'preact-iso';
import { Title } from '../shell/Title';
import { t } from '../words/words';
import { ClockPart } from './ClockPart';
import { Keys } from './Keys';
import { SettingText } from './SettingText';
import { Sources } from './Sources';

const parts = ['keys', 'sources', 'texts', 'clock'] as const;
const texts = ['messaging', 'topics', 'approvals', 'holdout'] as const;

export function Settings() {
  const { query } = useRoute();
  const part = parts.find(one => one === query.part) ?? 'keys';
  return (
    <>
      <Title text={t('settings.title')} />
      <ul class="tabs" aria-label={t('settings.parts')}>{parts.map(one => <li key={one}><a href={`/app/settings?part=${one}`} aria-current={one === part ? 'page' : undefined}>{t(`settings.${one}`)}</a></li>)}</ul>
      <div class="rows settings">
        {part === 'keys' && <Keys />}
        {part === 'sources' && <Sources />}
        {part === 'texts' && texts.map(name => <SettingText key={name} name={name} />)}
        {part === 'clock' && <ClockPart />}
      </div>
    </>
  );
}
