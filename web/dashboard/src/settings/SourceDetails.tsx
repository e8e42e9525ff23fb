import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { ShownSource } from '../api/types';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { exact } from '../parts/When';
import { t } from '../words/words';
import { changeOrigins } from './origins';

/** From which sites a source takes events, and the keys that it has been given. Neither is changed over what somebody else saved meanwhile. */
export function SourceDetails({ id, changed }: { id: string; changed: () => void }) {
  const path = `/api/sources/${encodeURIComponent(id)}`;
  const { data: source, error, again } = useLoad<ShownSource>(path);
  const [origins, setOrigins] = useState<string>();
  const { said, isBusy, act } = useSaying();
  const save = () => act(async () => {
    await changeOrigins(id, () => text.split(/\s+/).filter(Boolean));
    setOrigins(undefined);
    again();
    changed();
  });
  const revoke = (key: string) => act(async () => {
    await call(`${path}/keys/${encodeURIComponent(key)}`, { method: 'DELETE' });
    again();
  });
  if (!source) return error ? <Failure error={error} again={again} /> : <div class="tall" />;
  const stored = source.allowedOrigins.join('\n');
  const text = origins ?? stored;
  return (
    <div class="begin-new">
      <label for={`origins-${id}`}>{t('source.origins')}</label>
      <textarea id={`origins-${id}`} rows={Math.max(2, text.split('\n').length)} spellcheck={false} value={text} onInput={event => setOrigins(event.currentTarget.value)} />
      <p><button disabled={isBusy || text === stored} onClick={save}>{t('setting.save')}</button></p>
      <h3>{t('source.keys')}</h3>
      {source.keys.length === 0 && <p class="quiet">{t('source.noKeys')}</p>}
      <ul class="plain">{source.keys.map(key => <Key key={key.id} id={key.id} at={key.createdAt} isBusy={isBusy} revoke={() => revoke(key.id)} />)}</ul>
      <p class="problem-text" role="alert">{said}</p>
    </div>
  );
}

/** What sites send with a revoked key is lost: it takes a second button. */
function Key({ id, at, isBusy, revoke }: { id: string; at: string; isBusy: boolean; revoke: () => void }) {
  const [isSure, setIsSure] = useState(false);
  return (
    <li class="row">
      <span class="grow break"><code>{id}</code> <span class="quiet">{exact(at, { dateStyle: 'medium' })}</span></span>
      <button aria-expanded={isSure} aria-label={t('source.revokeOf', { id })} onClick={() => setIsSure(!isSure)}>{t('keysOf.revoke')}</button>
      {isSure && <button class="primary" disabled={isBusy} onClick={revoke}>{t('source.revokeGo', { id })}</button>}
    </li>
  );
}
