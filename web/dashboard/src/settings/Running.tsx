// How far behind the app is, and what it asks of storage.
import { useLoad } from '../api/load';
import type { Freshness, StorageMeters } from '../api/types';
import { Failure } from '../parts/Failure';
import { exact, When } from '../parts/When';
import { day } from '../reports/figures';
import { number, region, t, tOr } from '../words/words';

const services = ['tables', 'queues', 'blobs'] as const;

export const Running = () => <><Behind /><Meter /></>;

function Behind() {
  const { data, error, again } = useLoad<Freshness>('/api/freshness');
  const waiting = data?.queues.filter(queue => queue.waiting > 0) ?? [];
  return (
    <section class="card">
      <h2>{t('fresh.title')} {data && <span class="quiet">{t('home.asOf', { at: exact(data.asOf, { timeStyle: 'medium' }) })}</span>}</h2>
      {error && <Failure error={error} again={again} />}
      {!data && !error && <div class="tall" />}
      {data && (
        <>
          {waiting.length === 0 && !data.leadsDueSince && <p><span aria-hidden="true">✓ </span>{t('fresh.nothing')}</p>}
          <ul class="plain">
            {waiting.map(queue => <li key={queue.queue}><b>{tOr(`queue.${queue.queue}`, queue.queue)}</b> <span class="quiet">{t('fresh.waiting', { count: queue.waiting })}{queue.oldestAt && <> · {t('fresh.since', { at: exact(queue.oldestAt, { timeStyle: 'medium' }) })}</>}</span></li>)}
            {data.leadsDueSince && <li><b>{t('fresh.leads')}</b> <span class="quiet"><When at={data.leadsDueSince} /></span></li>}
            <li>{t('fresh.lists')} <span class="quiet">{data.figuresThrough ? t('fresh.figures', { at: exact(data.figuresThrough, { timeStyle: 'medium' }) }) : t('fresh.unread')}</span></li>
            <li>{t('fresh.definitions', { count: data.definitionsKnownWithin, shown: number(data.definitionsKnownWithin) })}</li>
          </ul>
          <p><button onClick={again}>{t('fresh.again')}</button></p>
        </>
      )}
    </section>
  );
}

const megabytes = (bytes: number) => new Intl.NumberFormat(region.value, { style: 'unit', unit: 'megabyte', unitDisplay: 'short', maximumFractionDigits: 1 }).format(bytes / 1e6);

function Meter() {
  const { data, error, again } = useLoad<StorageMeters>('/api/meters/storage');
  const money = (value: number) => new Intl.NumberFormat(region.value, { style: 'currency', currency: data!.currency!, maximumFractionDigits: 4 }).format(value); // asked for only where both are
  const most = Math.max(...data?.days.map(one => one.transactions) ?? [], 1);
  return (
    <section class="card">
      <h2>{t('meter.title')}</h2>
      {error && <Failure error={error} again={again} />}
      <p class="quiet">{t('meter.text')} {data && !data.currency && t('meter.noPrices')}</p>
      {!data && !error && <div class="tall" />}
      {data?.days.length === 0 && <p class="empty">{t('meter.none')}</p>}
      {data && data.days.length > 0 && (
        <div class="scrolls" tabIndex={0} role="group" aria-label={t('meter.title')}><table class="inner">
          <thead><tr><th scope="col">{t('segments.day')}</th><th scope="col" class="number">{t('meter.transactions')}</th><th scope="col" class="wide"><span class="hidden">{t('reports.bar')}</span></th>{services.map(service => <th key={service} scope="col" class="number wide">{t(`meter.${service}`)}</th>)}<th scope="col" class="number wide">{t('meter.bytes')}</th>{data.currency && <th scope="col" class="number">{data.currency}</th>}</tr></thead>
          <tbody>{data.days.map((one, place) => (
            <tr key={one.day} class={place === 0 ? 'open' : undefined}>
              <th scope="row">{day(one.day)}{place === 0 && <span class="quiet"> {t('reports.open')}</span>}</th><td class="number">{number(one.transactions)}</td>
              <td class="wide"><meter min={0} max={most} value={one.transactions} aria-hidden="true" /></td>
              {services.map(service => <td key={service} class="number wide">{number(one.services[service]?.transactions ?? 0)}</td>)}
              <td class="number wide">{megabytes(services.reduce((all, service) => all + (one.services[service]?.sent ?? 0), 0))} / {megabytes(services.reduce((all, service) => all + (one.services[service]?.received ?? 0), 0))}</td>
              {data.currency && <td class="number">{one.money === undefined ? '–' : money(one.money)}</td>}
            </tr>
          ))}</tbody>
        </table></div>
      )}
    </section>
  );
}
