// The month that a page's address names, day by day and week by week, as the API writes days.
import { today } from '../reports/figures';

const dayMs = 86_400_000;
const text = (at: number) => new Date(at).toISOString().slice(0, 10);

export const monthIn = (asked?: string) => asked && /^\d{4}-(0[1-9]|1[0-2])$/.test(asked) ? asked : today().slice(0, 7);

export const neighbour = (month: string, by: number) => {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return text(Date.UTC(year, number - 1 + by, 1)).slice(0, 7);
};

/** Weeks from Monday on; undefined: a day of another month. */
export function weeksOf(month: string): (string | undefined)[][] {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  const lead = (new Date(first).getUTCDay() + 6) % 7;
  const days = Array.from({ length: 31 }, (_, at) => text(first + at * dayMs)).filter(day => day.startsWith(month));
  const cells = [...Array<undefined>(lead).fill(undefined), ...days];
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => Array.from({ length: 7 }, (_, day) => cells[week * 7 + day]));
}
