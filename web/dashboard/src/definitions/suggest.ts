// What may be meant at a place of a document, beyond what its schema says: names that were really seen, and ids that there are. By the word of the member, which is the same in all documents. Pure.
import { valueAt } from './json';
import type { Known } from './known';
import type { Step } from './problems';

/** The path without the places in lists at its end: an event among several is an event. */
const member = (steps: readonly Step[]) => {
  const last = steps.findLastIndex(step => typeof step === 'string');
  return { name: last < 0 ? undefined : steps[last], around: steps.slice(0, Math.max(0, last)) };
};

/** Properties of the events that the object at a place asks for; of all events where it names none that is known. */
function propertiesOf(known: Known, document: unknown, around: readonly Step[]): string[] {
  const named = [valueAt(document, [...around, 'event'])].flat();
  const meant = known.events.filter(one => named.includes(one.name));
  return [...new Set((meant.length > 0 ? meant : known.events).flatMap(one => one.properties.map(property => property.name)))];
}

/** Values for a member. */
export function suggestValues(known: Known, document: unknown, steps: readonly Step[]): string[] {
  const { name, around } = member(steps);
  switch (name) {
    case 'event': return known.events.map(one => one.name);
    case 'trait': return known.traits;
    case 'property': return propertiesOf(known, document, around);
    default: return known.ids[String(name)] ?? [];
  }
}

/** Names for members of an object whose members anybody may name. */
export function suggestNames(known: Known, document: unknown, steps: readonly Step[]): string[] {
  const { name, around } = member(steps);
  return name === 'where' ? propertiesOf(known, document, around) : name === 'traits' ? known.traits : [];
}
