// Goals against where they began.
import { useLoad } from '../api/load';
import type { Page, ShownGoal, ShownMetric } from '../api/types';
import { Failure } from '../parts/Failure';
import { t } from '../words/words';
import { day, figure, metricMeans, metricName, pageOf } from './figures';

export function Goals() {
  const metrics = useLoad<{ items: ShownMetric[] }>('/api/reports');
  const goals = useLoad<Page<ShownGoal>>('/api/goals');
  const error = metrics.error ?? goals.error;
  if (error) return <Failure error={error} again={() => { metrics.again(); goals.again(); }} />;
  if (!metrics.data || !goals.data || goals.data.items.length === 0) return null;
  return (
    <section class="card goals">
      <h2>{t('goals.title')}</h2>
      <ul class="plain">{goals.data.items.map(goal => <One key={goal.id} goal={goal} metric={metrics.data!.items.find(metric => metric.id === goal.metric)} />)}</ul>
    </section>
  );
}

function One({ goal, metric }: { goal: ShownGoal; metric?: ShownMetric }) {
  if (!metric) return null;
  const baseline = goal.baseline.comparable ?? goal.baseline.value; // of a count: in as many days
  return (
    <li class="row">
      <span class="grow"><a title={metricMeans(metric)} href={pageOf(goal.metric, { from: goal.from, to: goal.date, ...goal.query as Record<string, string> })}>{goal.name ?? metricName(metric)}</a>
      <span class="quiet"> {t('goals.stands', { value: figure(goal.value, metric), target: figure(goal.target, metric), date: day(goal.date) })}{baseline !== undefined && ` ${t('goals.from', { value: figure(baseline, metric) })}`}{goal.expected !== undefined && goal.status !== 'reached' && goal.status !== 'missed' && ` ${t('goals.expected', { value: figure(goal.expected, metric) })}`}</span></span>
      {goal.progress !== undefined && goal.progress !== null && <meter class="wide" min={0} max={1} value={Math.min(1, Math.max(0, goal.progress))} aria-hidden="true" />}
      <span class={`stage goal-${goal.status}`}>{t(`goal.${goal.status}`)}</span>
    </li>
  );
}
