// Goals against where they began.
import { useLoad } from '../api/load';
import type { Page, ShownGoal, ShownMetric } from '../api/types';
import { Failure } from '../parts/Failure';
import { t } from '../words/words';
import { day, figure, metricName, pageOf } from './figures';

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

const One = ({ goal, metric }: { goal: ShownGoal; metric?: ShownMetric }) => metric ? (
  <li class="row">
    <span class="grow"><a href={pageOf(goal.metric, { from: goal.from, to: goal.date, ...goal.query as Record<string, string> })}>{goal.name ?? metricName(metric)}</a>
      <span class="quiet"> {t('goals.stands', { value: figure(goal.value, metric), target: figure(goal.target, metric), date: day(goal.date) })}{goal.baseline.value !== undefined && ` ${t('goals.from', { value: figure(goal.baseline.value, metric) })}`}</span></span>
    <span class={`stage goal-${goal.status}`}>{t(`goal.${goal.status}`)}</span>
  </li>
) : null;
