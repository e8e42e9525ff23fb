// How does nurturing do? The figures that it is judged by, this month so far against as many days before, and goals against where they began.
import { useLoad } from '../api/load';
import type { Page, Report, ShownGoal, ShownMetric } from '../api/types';
import { Failure } from '../parts/Failure';
import { exact } from '../parts/When';
import { Title } from '../shell/Title';
import { t } from '../words/words';
import { figure, metricName, monthSoFar, pageOf, queryOf } from './figures';

const nurture = ['new-leads', 'reopened', 'mqls', 'cost-per-mql', 'ctr', 'handover-conversion'];
const day = (text: string) => exact(`${text}T12:00:00Z`, { dateStyle: 'medium', timeZone: 'UTC' });

export function Reports() {
  const metrics = useLoad<{ items: ShownMetric[] }>('/api/reports');
  const goals = useLoad<Page<ShownGoal>>('/api/goals');
  const { from, to } = monthSoFar();
  const error = metrics.error ?? goals.error;
  const known = metrics.data?.items;
  return (
    <>
      <Title text={t('reports.title')}><p class="quiet">{t('reports.soFar', { from: day(from), to: day(to) })}</p></Title>
      {error && <Failure error={error} again={() => { metrics.again(); goals.again(); }} />}
      <ul class="tiles three">{nurture.map(id => <Tile key={id} metric={known?.find(metric => metric.id === id)} />)}</ul>
      {known && goals.data && goals.data.items.length > 0 && <Goals goals={goals.data.items} metrics={known} />}
      <section class="card">
        <h2>{t('reports.all')}</h2>
        <ul class="plain">{(known ?? []).map(metric => <li key={metric.id}><a href={pageOf(metric.id, {})}>{metricName(metric)}</a> <span class="quiet" lang="en">{metric.definition}</span></li>)}</ul>
      </section>
    </>
  );
}

function Tile({ metric }: { metric?: ShownMetric }) {
  const range = monthSoFar();
  const { data, error } = useLoad<Report>(metric ? `/api/reports/${metric.id}?${queryOf({ ...range, compare: 'previous' })}` : null);
  const change = data?.compare?.change ?? 0;
  return (
    <li><a class="tile" href={metric ? pageOf(metric.id, { ...range, compare: 'previous' }) : '/app/reports'}>
      <b>{metric && data ? figure(data.total.value, metric, data.currency) : error ? '–' : '…'}</b>
      <span>{metric && metricName(metric)}</span>
      <span class="quiet">{metric && data?.compare && <>{change !== 0 && <span aria-hidden="true">{change > 0 ? '▲ ' : '▼ '}</span>}{t('reports.before', { value: figure(data.compare.total.value, metric, data.currency) })}</>}&nbsp;</span>
    </a></li>
  );
}

const Goals = ({ goals, metrics }: { goals: ShownGoal[]; metrics: ShownMetric[] }) => (
  <section class="card goals">
    <h2>{t('goals.title')}</h2>
    <ul class="plain">
      {goals.map(goal => {
        const metric = metrics.find(metric => metric.id === goal.metric);
        return metric && (
          <li key={goal.id} class="row">
            <span class="grow"><a href={pageOf(goal.metric, { from: goal.from, to: goal.date, ...goal.query as Record<string, string> })}>{goal.name ?? metricName(metric)}</a>
              <span class="quiet"> {t('goals.stands', { value: figure(goal.value, metric), target: figure(goal.target, metric), date: day(goal.date) })}{goal.baseline.value !== undefined && ` ${t('goals.from', { value: figure(goal.baseline.value, metric) })}`}</span></span>
            <span class={`stage goal-${goal.status}`}>{t(`goal.${goal.status}`)}</span>
          </li>
        );
      })}
    </ul>
  </section>
);
