// A figure in words: with its unit, and in the reader's own way of writing numbers. What is not known is no zero.
import type { ReportRow, ShownMetric } from '../api/types';
import { exact } from '../parts/When';
import { me, now } from '../session/session';
import { number, percent, region, t, tOr } from '../words/words';

export const metricName = (metric: ShownMetric) => tOr(`metric.${metric.id}`, metric.name);
/** In one sentence, in the reader's language; the API's own words are English. */
export const metricMeans = (metric: ShownMetric) => tOr(`means.${metric.id}`, metric.definition);
export const dimensionName = (dimension: string) => tOr(`dim.${dimension}`, dimension);
export const periods = ['day', 'week', 'month', 'quarter', 'year'];

/** Of a dimension: nothing is known, or money is for nobody's. */
export const valueName = (dimension: string, value: string) =>
  value === '(none)' ? t('reports.none') : value === '(unallocated)' ? t('reports.unallocated') : dimension === 'stage' ? tOr(`stage.${value}`, value) : value;

/** A month and its year, in full. */
export const monthName = (month: string) => exact(`${month}-15T12:00:00Z`, { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** A period of the axis of time, short, as the reader writes it; weeks and quarters as the API does. */
export const periodName = (unit: string, period: string) =>
  unit === 'day' ? exact(`${period}T12:00:00Z`, { day: 'numeric', month: 'short', timeZone: 'UTC' }) : unit === 'month' ? exact(`${period}-15T12:00:00Z`, { month: 'short', year: 'numeric', timeZone: 'UTC' }) : period;

export function figure(value: number | null | undefined, metric: ShownMetric, currency?: string) {
  if (value === null || value === undefined) return t('reports.noFigure');
  if (metric.unit === 'share') return percent(value);
  if (metric.unit === 'count') return number(value, 0);
  if (currency) return new Intl.NumberFormat(region.value, { style: 'currency', currency, maximumFractionDigits: 2 }).format(value);
  return `${number(value, 1)} ${metric.measure ? tOr(`measure.${metric.measure}`, metric.measure) : ''}`.trim();
}

/** Why there is none, and what stands beside it: of how many it is a share, what is said apart. */
export function besides(row: ReportRow, metric: ShownMetric, currency?: string) {
  const parts = [
    row.value === null && row.reason ? tOr(`reason.${row.reason}`, row.reason) : undefined,
    metric.unit === 'share' && row.denominator !== undefined ? t('reports.of', { part: row.numerator ?? 0, whole: row.denominator }) : undefined,
    row.revenue ? t('reports.revenue', { value: figure(Number(row.revenue), metric, currency) }) : undefined,
    ...(metric.apart ?? []).map(apart => row[apart.name] ? `${tOr(`apart.${apart.name}`, apart.name)}: ${number(Number(row[apart.name]), 0)}` : undefined)
  ];
  return parts.filter(Boolean).join(' · ');
}

/** A day of the calendar, in the reader's way of writing it. */
export const day = (text: string) => exact(`${text}T12:00:00Z`, { dateStyle: 'medium', timeZone: 'UTC' });

/** The workspace's day, as the API writes days. */
export const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: me.value?.timeZone ?? 'UTC', dateStyle: 'short' }).format(new Date(now()));
/** So many days, today the last. */
export const lastDays = (days: number) => ({ from: new Date(Date.parse(`${today()}T00:00:00Z`) - (days - 1) * 86_400_000).toISOString().slice(0, 10), to: today() });
export const monthSoFar = () => ({ from: `${today().slice(0, 8)}01`, to: today() });

export const queryOf = (asked: Record<string, string | undefined>) => new URLSearchParams(Object.entries(asked).filter((pair): pair is [string, string] => !!pair[1])).toString();
export const pageOf = (metric: string, asked: Record<string, string>, people = false) => `/app/reports/${metric}${people ? '/people' : ''}?${queryOf(asked)}`;
