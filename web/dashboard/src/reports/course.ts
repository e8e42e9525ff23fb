// A report over time as lines to be drawn: which periods, and of each line what it came to in them. Pure; nothing is counted here.
import type { Report, ReportRow } from '../api/types';

/** @param values By period; null where there is no figure: a gap, and not zero. */
export interface Course { periods: string[]; lines: { name: string; values: (number | null)[] }[]; /** There are more lines than are drawn. */ of: number }

/** More lines than these nobody can tell apart. */
const most = 6;

/**
 * @param unit The dimension of time, of those by which it is cut.
 * @param whole By time alone: it has every period, also those in which nothing happened.
 * @param isCount Where there is no row nobody was counted; of any other figure nothing is known then.
 */
export function courseOf(report: Report, unit: string, whole: Report, isCount: boolean): Course | undefined {
  const periods = whole.rows.map(row => String(row[unit]));
  const other = report.by.find(by => by !== unit);
  const rows = new Map<string, ReportRow[]>();
  for (const row of report.rows) {
    const name = other ? String(row[other]) : '';
    rows.set(name, [...rows.get(name) ?? [], row]);
  }

  const lines = [...rows].map(([name, rows]) => {
    const found = new Map(rows.map(row => [String(row[unit]), row.value]));
    return { name, values: periods.map(period => found.get(period) ?? (isCount && !found.has(period) ? 0 : null)) };
  });
  const highest = (line: { values: (number | null)[] }) => Math.max(...line.values.map(value => value ?? 0));
  const drawn = lines.length > most ? [...lines].sort((one, next) => highest(next) - highest(one)).slice(0, most) : lines;
  return periods.length > 1 && drawn.some(line => line.values.some(value => value !== null)) ? { periods, lines: drawn, of: lines.length } : undefined;
}
