// What documents are made of.

export type Members = Record<string, unknown>;
export const isMembers = (value: unknown): value is Members => value !== null && typeof value === 'object' && !Array.isArray(value);

export const valueAt = (document: unknown, steps: readonly (string | number)[]) =>
  steps.reduce<unknown>((value, step) => value !== null && typeof value === 'object' ? (value as Record<string | number, unknown>)[step] : undefined, document);

/** undefined while it is no JSON, as it mostly is while somebody writes. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
