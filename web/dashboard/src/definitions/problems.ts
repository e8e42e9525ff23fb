// What the server says about a document, and what can be done about it by a click. Pure.
import type { FieldError } from '../api/types';

export interface Problem extends FieldError { isWarning?: boolean }
export type Step = string | number;

/** `$.rules[0].when['a.b']` as steps; null for what is no path into the document (a header, a query parameter). */
export function stepsOf(path: string): Step[] | null {
  if (!path.startsWith('$')) return null;
  const steps: Step[] = [];
  const part = /\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/gy;
  let at = part.lastIndex = 1;
  for (let match = part.exec(path); match; match = part.exec(path)) {
    steps.push(match[1] ?? (match[2] !== undefined ? Number(match[2]) : match[3]!.replace(/\\(.)/g, '$1')));
    at = part.lastIndex;
  }
  return at === path.length ? steps : null;
}

export const pathOf = (steps: readonly Step[]) =>
  `$${steps.map(step => typeof step === 'number' ? `[${step}]` : /^[A-Za-z_][A-Za-z0-9_]*$/.test(step) ? `.${step}` : `['${step.replace(/[\\']/g, '\\$&')}']`).join('')}`;

/** The texts that would be right instead, where `expected` names them: did you mean "x"?, one of a, b, c. */
export function fixesOf({ expected }: FieldError): string[] {
  const meant = /^did you mean "(.*)"\?$/.exec(expected ?? '');
  if (meant) return [meant[1]!];
  const all = /^one of ([\w$. -]+(?:, [\w$. -]+)*)$/.exec(expected ?? '')?.[1]?.split(', ') ?? [];
  return all.length <= 8 ? all : [];
}

/** The document with the name at the end of a path, or the value there, as it should be. The order of members stays. */
export function fixed(document: unknown, steps: readonly Step[], right: string): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || document === null || typeof document !== 'object') return typeof document === 'string' ? right : document;
  if (Array.isArray(document)) return document.map((item, place) => place === step ? fixed(item, rest, right) : item);
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, name === step ? fixed(value, rest, right) : value]));
}

/** Renames the member at the end of a path. */
export function renamed(document: unknown, steps: readonly Step[], name: string): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || document === null || typeof document !== 'object') return document;
  if (Array.isArray(document)) return document.map((item, place) => place === step ? renamed(item, rest, name) : item);
  return Object.fromEntries(Object.entries(document).map(([key, value]) => key !== step ? [key, value] : rest.length > 0 ? [key, renamed(value, rest, name)] : [name, value]));
}
