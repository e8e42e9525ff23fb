// What the goal's form has, and the document that it becomes.
import type { GoalDocument, ShownGoal, ShownMetric } from '../api/types';
import { today } from '../reports/figures';

export interface GoalForm { name: string; metric: string; target: string; from: string; date: string; baseFrom: string; baseTo: string; by: string; value: string }

/** A form shows one filter; what else somebody asked by the API stays as it is. */
export const filterOf = (goal: ShownGoal) => Object.entries(goal.query as Record<string, string>);

const quarter = (date: string, by: number) => {
  const [year, month] = date.split('-').map(Number) as [number, number]; // the API's way of writing days
  const first = Math.floor((month - 1) / 3) * 3 + 3 * by;
  const day = (month: number, day: number) => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
  return { from: day(first, 1), to: day(first + 3, 0) };
};

/** This quarter, against the last. */
export function newGoal(): GoalForm {
  const [own, before] = [quarter(today(), 0), quarter(today(), -1)];
  return { name: '', metric: 'mqls', target: '', from: own.from, date: own.to, baseFrom: before.from, baseTo: before.to, by: '', value: '' };
}

const percent = 100;
const shown = (target: number, metric?: ShownMetric) => metric?.unit === 'share' ? Number((target * percent).toFixed(4)) : target;

export function formOf(goal: ShownGoal, metric?: ShownMetric): GoalForm {
  const [[by, value] = ['', '']] = filterOf(goal);
  return { name: goal.name ?? '', metric: goal.metric, target: String(shown(goal.target, metric)), from: goal.from, date: goal.date, baseFrom: goal.baseline.from, baseTo: goal.baseline.to, by, value };
}

export function documentOf(form: GoalForm, metric: ShownMetric | undefined, before?: ShownGoal): GoalDocument {
  const others = before ? Object.fromEntries(filterOf(before).slice(1).filter(([name]) => name !== form.by)) : {};
  const query = { ...form.by && form.value.trim() ? { [form.by]: form.value.trim() } : {}, ...others };
  return {
    ...form.name.trim() ? { name: form.name.trim() } : {}, metric: form.metric, target: Number(form.target) / (metric?.unit === 'share' ? percent : 1),
    baseline: { from: form.baseFrom, to: form.baseTo }, from: form.from, date: form.date, ...Object.keys(query).length > 0 ? { query } : {}
  };
}

/** Short, and nobody has it: `mqls-3`. */
export const freeId = (metric: string, taken: readonly string[]) => [metric, ...taken.map((_, at) => `${metric}-${at + 2}`)].find(id => !taken.includes(id))!; // one more than are taken
