import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { CreatedWriteKey, Page, Source, SourceMeters } from '../api/types';
import { Failure } from '../parts/Failure';
import { snippet } from '../parts/snippet';
import { useSaying } from '../parts/useSaying';
import { number, t } from '../words/words';
import { SourceDetails } from './SourceDetails';
import { Came, Unknown } from './SourceHealth';

/** Where events come from: from which origins, how many, and with which key. */
export function Sources() {
  const { data, error, again } = useLoad<Page<Source>>('/api/sources');
  const { said, isBusy, act } = useSaying();
  const meters = useLoad<SourceMeters>('/api/meters/sources');
  const [id, setId] = useState('');
  const [origin, setOrigin] = useState('');
  const create = () => act(async () => {
    await call(`/api/sources/${encodeURIComponent(id)}`, { method: 'PUT', ifNoneMatch: '*', body: { name: id, ...(origin ? { allowedOrigins: [origin] } : {}) } });
    setId('');
    setOrigin('');
    again();
  });
  return (
    <section class="card">
      <h2>{t('settings.sources')}</h2>
      {error && <Failure error={error} again={again} />}
      <form class="row" onSubmit={event => { event.preventDefault(); void create(); }}>
        <label class="grow"><span class="hidden">{t('rules.id')}</span><input required pattern="[a-z0-9_\-]+" title={t('rules.idHelp')} placeholder={t('rules.id')} value={id} onInput={event => setId(event.currentTarget.value)} /></label>
        <label class="grow"><span class="hidden">{t('source.origin')}</span><input placeholder="https://www.example.com" value={origin} onInput={event => setOrigin(event.currentTarget.value)} /></label>
        <button class="primary" disabled={isBusy || id.trim() === ''}>{t('form.addNamed')}</button>
      </form>
      <p class="problem-text" role="alert">{said}</p>
      {meters.error && <Failure error={meters.error} again={meters.again} />}
      <ul class="plain">{data?.items.map(source => <One key={source.id} source={source} meters={meters.data} changed={again} />)}</ul>
      {meters.data && <Unknown meters={meters.data} />}
      {data?.items.length === 0 && <p class="quiet">{t('source.none')}</p>}
    </section>
  );
}

function One({ source, meters, changed }: { source: Source; meters?: SourceMeters; changed: () => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const { said, isBusy, act } = useSaying();
  const [made, setMade] = useState<CreatedWriteKey>();
  return (
    <li>
      <p class="row"><span class="grow"><b>{source.name}</b> <span class="quiet">{source.allowedOrigins.length > 0 ? source.allowedOrigins.join(', ') : t('source.anyOrigin')}{source.eventsPerSecond > 0 && ` · ${t('source.rate', { count: source.eventsPerSecond, shown: number(source.eventsPerSecond) })}`}</span></span>
        <a class="button" href={`/app/live/install?source=${source.id}`} aria-label={`${t('live.check')}: ${source.name}`}>{t('live.check')}</a>
        <button aria-expanded={isOpen} aria-label={t('source.changeOf', { name: source.name })} onClick={() => setIsOpen(!isOpen)}>{t('source.change')}</button>
        <button disabled={isBusy} aria-label={t('source.keyOf', { name: source.name })} onClick={() => act(async () => setMade(await call<CreatedWriteKey>(`/api/sources/${source.id}/keys`, { method: 'POST' })))}>{t('source.key')}</button></p>
      <p class="counts">{meters ? <Came source={source.id} meters={meters} /> : '…'}</p>
      <p class="problem-text" role="alert">{said}</p>
      {isOpen && <SourceDetails key={made?.id} id={source.id} changed={changed} />}
      <div role="status">{made && (
        <>
          <p class="ribbon">{t('source.once')}</p>
          <pre tabIndex={0}>{snippet(made.key)}</pre>
        </>
      )}</div>
    </li>
  );
}
