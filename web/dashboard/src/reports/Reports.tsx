// How does nurturing do? The figures that it is judged by, this month so far against as many days before, and goals against where they began.
import { useLoad } from '../api/load';
import type { Report, ShownMetric } from '../api/types';
import { Failure } from '../parts/Failure';
import { Title } from '../shell/Title';
import { t } from '../words/words';
import { day, figure, metricMeans, metricName, monthSoFar, pageOf, queryOf } from './figures';
import { Goals } from './Goals';
import { missing } from './Missing';
import { Reading } from './Reading';

const nurture = ['new-leads', 'reopened', 'mqls', 'cost-per-mql', 'ctr', 'handover-conversion'];

export function Reports() {
  const metrics = useLoad<{ items: ShownMetric[] }>('/api/reports');
  const { from, to } = monthSoFar();
  const known = metrics.data?.items;
  return (
    <>
      <Title text={t('reports.title')}><p class="quiet">{t('reports.soFar', { from: day(from), to: day(to) })}</p></Title>
      <Reading />
      {metrics.error && <Failure error={metrics.error} again={metrics.again} />}
      <ul class="tiles three">{nurture.map(id => <Tile key={id} metric={known?.find(metric => metric.id === id)} />)}</ul>
      <Goals />
      <section class="card">
        <h2>{t('reports.all')}</h2>
        <ul class="plain">{(known ?? []).map(metric => <li key={metric.id}><a href={pageOf(metric.id, {})}>{metricName(metric)}</a> <span class="quiet">{metricMeans(metric)}</span></li>)}</ul>
      </section>
    </>
  );
}

function Tile({ metric }: { metric?: ShownMetric }) {
  const range = monthSoFar();
  const { data, error } = useLoad<Report>(metric ? `/api/reports/${metric.id}?${queryOf({ ...range, compare: 'previous' })}` : null);
  const change = data?.compare?.change ?? 0;
  const isNothing = data?.total.people === 0 && data.compare?.total.people === 0;
  return (
    <li><a class="tile" title={metric && metricMeans(metric)} href={metric ? pageOf(metric.id, { ...range, compare: 'previous' }) : '/app/reports'}>
      <b>{metric && data ? figure(data.total.value, metric, data.currency) : error ? '–' : '…'}</b>
      <span>{metric && metricName(metric)}</span>
      <span class="quiet">{metric && isNothing ? missing(metric.id) : metric && data?.compare && <>{change !== 0 && <span aria-hidden="true">{change > 0 ? '▲ ' : '▼ '}</span>}{t('reports.before', { value: figure(data.compare.total.value, metric, data.currency) })}</>}&nbsp;</span>
    </a></li>
  );
}
