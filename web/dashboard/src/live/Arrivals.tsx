import { useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { Source, Tail, TailItem } from '../api/types';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { may } from '../session/session';
import { changeOrigins } from '../settings/origins';
import { t } from '../words/words';
import { second, titleOf, whyOf } from './say';
import { useTail } from './useTail';

const most = 20;

/** Since when it is watched is the server's word, and not what an answer of an earlier visit said. */
export function Arrivals({ source, changed }: { source: Source; changed: () => void }) {
  // An address of its own: what is kept of an earlier visit would let in what is old.
  const [opened] = useState(() => `/api/tail?limit=1&from=${encodeURIComponent(new Date().toISOString())}`);
  const { data: first, error, again } = useLoad<Tail>(opened);
  const stream = useTail(first ? new URLSearchParams({ source: source.id, from: first.now, limit: `${most}` }).toString() : null);
  const failed = error ?? stream.error;
  const isReady = !!stream.answer && stream.answer.now >= stream.answer.watchedFrom;
  const arrived = stream.items.find(item => item.outcome === 'applied' || item.outcome === 'accepted');
  return (
    <section class="card arrivals">
      <h2>{t('install.arrives')}</h2>
      {failed && <Failure error={failed} again={first ? stream.again : again} />}
      <p class={`ribbon${arrived ? ' good' : ''}`} role="status">{
        arrived ? t('install.works', { what: titleOf(arrived), where: whereOf(arrived) })
          : !first || !isReady ? t('install.preparing')
            : t('install.waiting', { at: second(first.now) })}</p>
      <ol class="plain">{stream.items.map(item => <Arrival key={item.id} item={item} source={source} changed={changed} />)}</ol>
      {arrived && <p><a href="/app/live">{t('install.all')}</a></p>}
    </section>
  );
}

const whereOf = (item: TailItem) => item.page ?? item.origin ?? t('install.server');

function Arrival({ item, source, changed }: { item: TailItem; source: Source; changed: () => void }) {
  const { said, isBusy, act } = useSaying();
  const [isAllowed, setAllowed] = useState(false);
  const origin = item.reason === 'originNotAllowed' && /^https?:\/\//.test(item.origin ?? '') ? item.origin : undefined;
  const allow = (origin: string) => act(async () => {
    await changeOrigins(source.id, before => [...before, origin]);
    setAllowed(true);
    changed();
  });
  return (
    <li>
      <p class="row"><time dateTime={item.at}>{second(item.at)}</time><span class="grow break"><b>{titleOf(item)}</b> {item.reason ? `${t(`outcome.${item.outcome}`)}: ${[item.reason === 'originNotAllowed' && item.origin, whyOf(item), item.path && t('live.field', { path: item.path })].filter(Boolean).join(' · ')}` : t('install.from', { where: whereOf(item) })}
        {item.leadId && <> · <a href={`/app/leads/${item.leadId}`}>{t('lead.title')}</a></>}</span>
        {origin && !isAllowed && may('admin') && !source.allowedOrigins.includes(origin) && <button class="primary" disabled={isBusy} onClick={() => allow(origin)}>{t('install.allow', { origin })}</button>}</p>
      {origin && !may('admin') && <p class="quiet">{t('install.askAllow')}</p>}
      <p class="problem-text" role="alert">{said}</p>
      <p class="quiet" role="status">{isAllowed && t('install.allowed')}</p>
    </li>
  );
}
