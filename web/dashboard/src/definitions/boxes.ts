// On which boxes of a journey's map the server's problems are. Pure.
import { stepsOf, type Problem } from './problems';

/** Problems by the id of the innermost step that they are in; those of no step are left out. */
export function boxesOf(document: unknown, problems: Problem[]): Record<string, Problem[]> {
  const boxes: Record<string, Problem[]> = {};
  for (const problem of problems) {
    let [at, id]: [unknown, string | undefined] = [document, undefined];
    for (const step of stepsOf(problem.path) ?? []) {
      at = at !== null && typeof at === 'object' ? (at as Record<string | number, unknown>)[step] : undefined;
      const { id: own, type } = (at ?? {}) as { id?: unknown; type?: unknown };
      if (typeof own === 'string' && type !== undefined) id = own;
    }
    if (id !== undefined) (boxes[id] ??= []).push(problem);
  }
  return boxes;
}
