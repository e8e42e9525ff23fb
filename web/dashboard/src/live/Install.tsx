// Does it arrive? The snippet, and what has come since this was opened: what came before proves nothing.
import { useLocation, useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { CreatedWriteKey, Page, Source } from '../api/types';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { may } from '../session/session';
import { Title } from '../shell/Title';
import { t } from '../words/words';
import { Arrivals } from './Arrivals';
import { clients, snippetOf } from './snippets';

export function Install() {
  const { query } = useRoute();
  const { route } = useLocation();
  const { data, error, again } = useLoad<Page<Source>>('/api/sources');
  const client = clients.find(one => one === query.client) ?? 'lf';
  const source = data?.items.find(one => one.id === query.source) ?? data?.items[0];
  const pageOf = (more: Record<string, string>) => `/app/live/install?${new URLSearchParams({ ...(source ? { source: source.id } : {}), client, ...more })}`;
  if (!data) return <><Title text={t('install.title')} />{error ? <Failure error={error} again={again} /> : <div class="tall" />}</>;
  return (
    <>
      <Title text={t('install.title')}>
        <label class="row"><span>{t('live.source')}</span> <select value={source?.id} onChange={event => route(pageOf({ source: event.currentTarget.value }), true)}>{data.items.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
      </Title>
      {source ? (
        <>
          <section class="card">
            <h2>{t('install.snippet')}</h2>
            <ul class="tabs" aria-label={t('install.clients')}>{clients.map(one => <li key={one}><a href={pageOf({ client: one })} aria-current={one === client ? 'page' : undefined}>{t(`install.${one}`)}</a></li>)}</ul>
            <Snippet key={source.id} source={source} client={client} />
          </section>
          <Arrivals key={source.id} source={source} changed={again} />
        </>
      ) : <p class="empty">{may('admin') ? <a href="/app/settings?part=sources">{t('install.noSource')}</a> : t('live.askAdmin')}</p>}
    </>
  );
}

/** Keys are shown once, when they are made: whoever has none at hand makes another here. */
function Snippet({ source, client }: { source: Source; client: typeof clients[number] }) {
  const [key, setKey] = useState('');
  const [copied, setCopied] = useState('');
  const { said, isBusy, act } = useSaying();
  const text = snippetOf[client](key.trim() || 'WRITE_KEY');
  const make = () => act(async () => setKey((await call<CreatedWriteKey>(`/api/sources/${source.id}/keys`, { method: 'POST' })).key));
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(t('install.copied')), () => setCopied(t('install.copyFailed')));
  return (
    <>
      <div class="row key-row">
        <label class="grow"><span>{t('install.key')}</span><input autocomplete="off" spellcheck={false} placeholder="lfw_…" value={key} onInput={event => setKey(event.currentTarget.value)} /></label>
        {may('admin') && <button disabled={isBusy} onClick={make}>{t('install.make')}</button>}
      </div>
      <p class="quiet">{may('admin') ? t('install.keyHelp') : t('live.askAdmin')}</p>
      <p class="problem-text" role="alert">{said}</p>
      <pre tabIndex={0} aria-label={t('install.snippet')}>{text}</pre>
      <p class="row"><button disabled={!key.trim()} onClick={copy}>{t('install.copy')}</button><span class="quiet" role="status">{copied}</span></p>
    </>
  );
}
