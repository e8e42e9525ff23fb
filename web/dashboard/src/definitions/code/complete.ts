// Names and values that the document's schema has at a place, and those that were really seen.
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { parsed } from '../json';
import type { Known } from '../known';
import { at, membersOf, valuesOf, type Schema } from '../schema';
import { suggestNames, suggestValues } from '../suggest';
import { pathAt } from './place';

export const completeBy = (schema: Schema, known: Known) => (context: CompletionContext): CompletionResult | null => {
  const found = pathAt(context.state, context.pos);
  const word = context.matchBefore(/"[^"\n]*|[\w-]*/);
  if (!found || !word || (word.from === word.to && !context.explicit)) return null;
  const document = parsed(context.state.doc.toString());
  const all = at(schema, found.steps, document);
  const before = context.state.sliceDoc(Math.max(0, word.from - 200), word.from).trimEnd();
  const isName = found.isName || before.endsWith('{') || (before.endsWith(',') && all.some(one => one.properties));
  const closes = context.state.sliceDoc(context.pos, context.pos + 1) === '"' ? 1 : 0;
  const options: Completion[] = isName && !before.endsWith(':')
    ? [...membersOf(all), ...suggestNames(known, document, found.steps).map((name): [string, string | undefined] => [name, undefined])].map(([name, meaning]) => ({ label: `"${name}"`, apply: /^\s*:/.test(context.state.sliceDoc(context.pos + closes, context.pos + closes + 10)) ? `"${name}"` : `"${name}": `, detail: meaning?.slice(0, 60), type: 'property' }))
    : [...new Set([...valuesOf(all), ...suggestValues(known, document, found.steps)])].map(value => ({ label: JSON.stringify(value), type: 'enum' }));
  return options.length > 0 ? { from: word.from, to: context.pos + closes, options, validFor: /^"?[\w $.-]*"?$/ } : null;
};
