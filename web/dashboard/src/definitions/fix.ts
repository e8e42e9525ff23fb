import { fixed, renamed, stepsOf, type Problem } from './problems';
import { written } from './document';
import { valueAt } from './json';

/** The text with one thing put right; null where that cannot be told. */
export function fixIn(text: string, problem: Problem, right: string): string | null {
  const steps = stepsOf(problem.path);
  if (!steps?.length) return null;
  try {
    const document: unknown = JSON.parse(text);
    const last = steps[steps.length - 1]!; // there is one
    // What is misnamed is named in the message; otherwise the value there is meant.
    const isName = typeof last === 'string' && (problem.message.includes(`"${last}"`) || typeof valueAt(document, steps) !== 'string');
    return written(isName ? renamed(document, steps, right) : fixed(document, steps, right));
  } catch {
    return null; // no JSON, as it stands
  }
}
