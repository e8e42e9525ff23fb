import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { ApiKey, CreatedApiKey, Page, Role } from '../api/types';
import { Failure } from '../parts/Failure';
import { exact } from '../parts/When';
import { t } from '../words/words';
import { useSaying } from './useSaying';

const roles = ['read', 'sales', 'marketer', 'admin'] as const satisfies readonly Role[];

/** People's and programs' keys: what each may, made and revoked. A new key is shown once. */
export function Keys() {
  const { data, error, again } = useLoad<Page<ApiKey>>('/api/keys');
  const { said, isBusy, act } = useSaying();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('sales');
  const [made, setMade] = useState<CreatedApiKey>();
  const make = () => act(async () => {
    setMade(await call<CreatedApiKey>('/api/keys', { method: 'POST', body: { name, scopes: [role] } }));
    setName('');
    again();
  });
  return (
    <section class="card">
      <h2>{t('settings.keys')}</h2>
      {error && <Failure error={error} again={again} />}
      <form class="row" onSubmit={event => { event.preventDefault(); void make(); }}>
        <label class="grow"><span class="hidden">{t('keysOf.name')}</span><input required maxLength={100} placeholder={t('keysOf.name')} value={name} onInput={event => setName(event.currentTarget.value)} /></label>
        <label><span class="hidden">{t('keysOf.role')}</span><select value={role} onChange={event => setRole(event.currentTarget.value as Role)}>{roles.map(one => <option key={one} value={one}>{t(`role.${one}`)}</option>)}</select></label>
        <button class="primary" disabled={isBusy || name.trim() === ''}>{t('keysOf.make')}</button>
      </form>
      <div role="status">{made && <p class="ribbon">{t('keysOf.once', { name: made.name })} <code class="break">{made.key}</code></p>}</div>
      <p class="problem-text" role="alert">{said}</p>
      <ul class="plain">{data?.items.map(key => (
        <li key={key.id} class="row"><span class="grow"><b>{key.name}</b> <span class="quiet">{key.scopes.map(scope => t(`role.${scope}`)).join(', ')} · {exact(key.createdAt, { dateStyle: 'medium' })}</span></span>
          <button disabled={isBusy} aria-label={t('keysOf.revokeOf', { name: key.name })} onClick={() => act(async () => { await call(`/api/keys/${key.id}`, { method: 'DELETE' }); again(); })}>{t('keysOf.revoke')}</button></li>
      ))}</ul>
      {data?.items.length === 0 && <p class="quiet">{t('keysOf.none')}</p>}
    </section>
  );
}
