import { useState } from 'preact/hooks';
import type { ShownMetric } from '../api/types';
import { dimensionName, metricMeans, metricName, periods } from '../reports/figures';
import { t, tOr } from '../words/words';
import type { GoalForm } from './goals';

/** Which figure, how much of it, until when, and against which days. */
export function GoalFields({ metrics, begin, isBusy, save }: { metrics: ShownMetric[]; begin: GoalForm; isBusy: boolean; save: (form: GoalForm) => void }) {
  const [form, setForm] = useState(begin);
  const metric = metrics.find(one => one.id === form.metric);
  const put = (part: Partial<GoalForm>) => setForm({ ...form, ...part });
  const filters = metric?.dimensions.filter(one => !periods.includes(one)) ?? [];
  const by = metric?.each && !form.by ? metric.each : form.by; // of what is always cut by it, one value
  const unit = metric?.unit === 'share' ? '%' : metric?.measure ? tOr(`measure.${metric.measure}`, metric.measure) : '';
  return (
    <form class="filters asking goal-fields" onSubmit={event => { event.preventDefault(); save({ ...form, by }); }}>
      <label><span>{t('goalsOf.metric')}</span><select value={form.metric} onChange={event => put({ metric: event.currentTarget.value, by: '', value: '' })}>
        {metrics.filter(one => one.unit !== 'expected').map(one => <option key={one.id} value={one.id}>{metricName(one)}</option>)}</select></label>
      <label><span>{t('goalsOf.target')}{unit && ` (${unit})`}</span><input required type="number" inputMode="decimal" min="0" step="any" value={form.target} onInput={event => put({ target: event.currentTarget.value })} /></label>
      <label><span>{t('goalsOf.name')}</span><input maxLength={200} value={form.name} onInput={event => put({ name: event.currentTarget.value })} /></label>
      <Day label={t('reports.from')} value={form.from} set={from => put({ from })} />
      <Day label={t('goalsOf.date')} value={form.date} set={date => put({ date })} />
      <Day label={t('goalsOf.baseFrom')} value={form.baseFrom} set={baseFrom => put({ baseFrom })} />
      <Day label={t('goalsOf.baseTo')} value={form.baseTo} set={baseTo => put({ baseTo })} />
      <label><span>{t('goalsOf.by')}</span><select value={by} onChange={event => put({ by: event.currentTarget.value, value: '' })}>{!metric?.each && <option value="">{t('goalsOf.everybody')}</option>}{filters.map(one => <option key={one} value={one}>{dimensionName(one)}</option>)}</select></label>
      {by && <label><span>{dimensionName(by)}</span><input required maxLength={100} value={form.value} onInput={event => put({ value: event.currentTarget.value })} /></label>}
      {metric && <p class="quiet says">{metricMeans(metric)}</p>}
      <button class="primary" disabled={isBusy || form.target.trim() === ''}>{t('goalsOf.save')}</button>
    </form>
  );
}

const Day = ({ label, value, set }: { label: string; value: string; set: (value: string) => void }) =>
  <label><span>{label}</span><input required type="date" value={value} onInput={event => set(event.currentTarget.value)} /></label>;
