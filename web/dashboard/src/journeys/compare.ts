// Two versions of a journey as one tree: steps that came, went, moved or do something else now. A step is the same if its id is. Pure.
import { isMembers } from '../definitions/json';
import { stepsOf, type Step, type Way } from './tree';

export interface Change { what: 'added' | 'removed' | 'changed' | 'moved'; /** What it was, where that can be said. */ was?: string }
export interface Changes { steps: Step[]; of: Record<string, Change> }

const list = (value: unknown) => Array.isArray(value) ? value.filter(isMembers) : [];

/** Each step as it is written, without those inside it. */
function own(document: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (steps: unknown) => {
    for (const step of list(steps)) {
      const { steps: again, then, else: otherwise, paths, ...rest } = step;
      found.set(String(step.id), JSON.stringify({ ...rest, ...(paths === undefined ? {} : { paths: list(paths).map(({ steps: _, ...path }) => path) }) }));
      for (const inner of [again, then, otherwise, ...list(paths).map(path => path.steps)]) walk(inner);
    }
  };
  walk(isMembers(document) ? document.steps : undefined);
  return found;
}

interface Place { step: Step; parent: string; siblings: string[] }

function places(steps: Step[], parent = '', found = new Map<string, Place>()): Map<string, Place> {
  const siblings = steps.map(step => step.id);
  for (const step of steps) {
    found.set(step.id, { step, parent, siblings });
    for (const way of step.ways) places(way.steps, `${step.id}/${way.name}`, found);
  }
  return found;
}

/** Of numbers in a row, the places of those that have to go so that the rest rises: as few as can be. */
function outOfOrder(numbers: number[]): Set<number> {
  const longest = numbers.map(() => 1);
  const before = numbers.map(() => -1);
  for (let place = 0; place < numbers.length; place++) {
    for (let earlier = 0; earlier < place; earlier++) {
      if (numbers[earlier]! < numbers[place]! && longest[earlier]! + 1 > longest[place]!) [longest[place], before[place]] = [longest[earlier]! + 1, earlier];
    }
  }
  const kept = new Set<number>();
  for (let place = longest.indexOf(Math.max(...longest)); place >= 0; place = before[place]!) kept.add(place);
  return new Set(numbers.map((_, place) => place).filter(place => !kept.has(place)));
}

export function changesOf(before: unknown, after: unknown): Changes {
  const [old, now] = [stepsOf(before), stepsOf(after)];
  const [was, is] = [places(old), places(now)];
  const [oldText, newText] = [own(before), own(after)];
  const of: Record<string, Change> = {};
  for (const [id, { step, parent, siblings }] of is) {
    const former = was.get(id);
    if (!former) of[id] = { what: 'added' };
    else if (oldText.get(id) !== newText.get(id)) {
      const said = former.step.title === step.title ? former.step.says : `${former.step.title}: ${former.step.says}`;
      of[id] = { what: 'changed', ...(former.step.says !== step.says || former.step.title !== step.title ? { was: said } : {}) };
    } else if (former.parent !== parent) of[id] = { what: 'moved' };
    else {
      const common = siblings.filter(one => was.get(one)?.parent === parent);
      if (outOfOrder(common.map(one => former.siblings.indexOf(one))).has(common.indexOf(id))) of[id] = { what: 'moved' };
    }
  }
  for (const id of was.keys()) if (!is.has(id)) of[id] = { what: 'removed' };
  return { steps: together(old, now, is), of };
}

/** What went stands where it stood: after whatever was before it and still is. */
function together(old: Step[], now: Step[], is: Map<string, Place>): Step[] {
  const joined = now.map(step => {
    const former = old.find(one => one.id === step.id);
    return former ? { ...step, ways: waysOf(former.ways, step.ways, is) } : step;
  });
  old.forEach((step, place) => {
    if (is.has(step.id)) return;
    const earlier = old.slice(0, place).map(one => one.id);
    const at = joined.findLastIndex(one => earlier.includes(one.id));
    joined.splice(at + 1, 0, { ...step, ways: step.ways.map(way => ({ ...way, steps: gone(way.steps, is) })) });
  });
  return joined;
}

function waysOf(old: Way[], now: Way[], is: Map<string, Place>): Way[] {
  const kept = now.map(way => ({ ...way, steps: together(old.find(one => one.name === way.name)?.steps ?? [], way.steps, is) }));
  return [...kept, ...old.filter(way => now.every(one => one.name !== way.name)).map(way => ({ ...way, steps: gone(way.steps, is) })).filter(way => way.steps.length > 0)];
}

/** Of steps inside one that went, those that went with it. */
const gone = (steps: Step[], is: Map<string, Place>): Step[] => steps.filter(step => !is.has(step.id)).map(step => ({ ...step, ways: step.ways.map(way => ({ ...way, steps: gone(way.steps, is) })) }));
