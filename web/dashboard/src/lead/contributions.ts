// The score's rows put together by rule. The API rounds each such that they sum to the engagement that it shows; cents are whole numbers, so that sums stay exact.
import type { Contribution } from '../api/types';

export interface RuleSum { rule: string; rows: Contribution[]; times: number; now: number; earned: number; last: string }

const cents = (value: number) => Math.round(value * 100);
const sum = (values: number[]) => values.reduce((all, value) => all + cents(value), 0) / 100;

/** Those that weigh most come first. */
export function byRule(rows: Contribution[]): RuleSum[] {
  const rules = new Map<string, Contribution[]>();
  for (const row of rows) rules.set(row.rule, [...(rules.get(row.rule) ?? []), row]);
  return [...rules].map(([rule, rows]) => ({
    rule, rows, times: rows.reduce((all, row) => all + (row.count ?? 1), 0), now: sum(rows.map(row => row.now)), earned: sum(rows.map(row => row.applied)),
    last: rows.reduce((latest, row) => row.event.at > latest ? row.event.at : latest, '')
  })).sort((a, b) => Math.abs(b.now) - Math.abs(a.now));
}

export const total = (rules: RuleSum[]) => sum(rules.map(rule => rule.now));

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** When less than half a point will be left of it; null for what does not decay. */
export function fadesAt(now: number, halfLife: string | undefined, from: number): string | null {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(halfLife ?? '') ?? [];
  if (!unit || Math.abs(now) <= 0.5) return null;
  return new Date(from + Math.log2(Math.abs(now) / 0.5) * Number(count) * units[unit]!).toISOString(); // the expression lets only these through
}
