// What goes out, and did people react?
import { useRoute } from 'preact-iso';
import { useRowKeys } from '../parts/rows';
import { may } from '../session/session';
import { Title } from '../shell/Title';
import { t } from '../words/words';
import { Campaigns } from './Campaigns';
import { Outbox } from './Outbox';
import { Templates } from './Templates';
import { Troubled } from './Troubled';

export function Messages() {
  const { query } = useRoute();
  useRowKeys();
  const parts = ['templates', 'campaigns', 'held', 'failed', ...may('marketer') ? ['outbox'] as const : []] as const;
  const part = parts.find(one => one === query.part) ?? 'templates';
  return (
    <>
      <Title text={t('messages.title')} />
      <ul class="tabs" aria-label={t('messages.parts')}>{parts.map(one => <li key={one}><a href={`/app/messages?part=${one}`} aria-current={one === part ? 'page' : undefined}>{t(`messages.${one}`)}</a></li>)}</ul>
      <div class="rows">{part === 'templates' ? <Templates /> : part === 'campaigns' ? <Campaigns /> : part === 'outbox' ? <Outbox /> : <Troubled key={part} sends={part} />}</div>
    </>
  );
}
