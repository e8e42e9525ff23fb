// How one value of a document is shown in the form, and read back: pure, and the same for drawing and for the test that nothing is lost. What has no better shape is a JSON block.
import { chosen, fits, inside, typeOf, valuesOf, type Schema } from '../schema';

export type Shape = 'condition' | 'choice' | 'yes' | 'number' | 'text' | 'long' | 'lines' | 'numbers' | 'list' | 'group' | 'map' | 'json';

const isCondition = (one: Schema) => (one.via ?? []).some(name => /^condition$|Condition$/.test(name));
const isObject = (value: unknown): value is Record<string, unknown> => typeOf(value) === 'object';

/** A condition at its surface: something that is asked, or several together. */
const asks = (value: unknown) => isObject(value) && Object.keys(value).length > 0;

export function shapeOf(all: Schema[], value: unknown): Shape {
  if (all.some(isCondition) && asks(value)) return 'condition';
  const one = chosen(all, value);
  switch (typeOf(value)) {
    case 'boolean': return 'yes';
    case 'number': return 'number';
    case 'string': {
      const choices = valuesOf(all);
      if (choices.length > 1 && choices.includes(value) && choices.every(choice => typeof choice === 'string') && all.every(other => !fits(other, 'any text at all'))) return 'choice';
      if ((value as string).includes('\r')) return 'json'; // a field would not keep it
      return (one?.maxLength ?? 0) > 1000 || (value as string).includes('\n') ? 'long' : 'text';
    }
    case 'array': {
      const items = value as unknown[];
      if (items.length > 0 && items.every(item => typeof item === 'string' && item.trim() === item && item !== '' && !item.includes('\n'))) return 'lines';
      if (items.length > 0 && items.every(item => typeof item === 'number')) return 'numbers';
      return items.every(isObject) && one?.items !== undefined ? 'list' : 'json';
    }
    case 'object':
      if (one?.properties) return 'group';
      return typeof one?.additionalProperties === 'object' ? 'map' : 'json';
    default: return 'json';
  }
}

/** A value inside another, with where it is from there and what it may be. */
export interface Part { steps: (string | number)[]; all: Schema[]; value: unknown }

/** How a condition is put together: several of them, the opposite of one, or a question by itself. */
export function joined(condition: Record<string, unknown>): 'all' | 'any' | 'not' | null {
  const [name, ...others] = Object.keys(condition);
  if (others.length > 0) return null;
  return (name === 'all' || name === 'any') && Array.isArray(condition[name]) && condition[name].length > 0 ? name : name === 'not' && asks(condition.not) ? 'not' : null;
}

const membersOf = (all: Schema[], value: Record<string, unknown>, root: Schema): Part[] => {
  const one = chosen(all, value);
  return Object.entries(value).map(([name, inner]) => ({ steps: [name], all: inside(one ? [one] : [], name, root), value: inner }));
};

/** The parts that are fields of their own; none where one field shows it all. */
export function partsOf(all: Schema[], value: unknown, root: Schema): Part[] {
  switch (shapeOf(all, value)) {
    case 'condition': {
      const condition = value as Record<string, unknown>;
      const join = joined(condition);
      if (join === null) return membersOf(all.filter(one => !one.properties?.all && !one.properties?.any && !one.properties?.not), condition, root);
      const held = inside(all.filter(one => one.properties?.[join]), join, root);
      return join === 'not' ? [{ steps: ['not'], all: held, value: condition.not }] : (condition[join] as unknown[]).map((part, place) => ({ steps: [join, place], all: inside(held, 0, root), value: part }));
    }
    case 'list': return (value as unknown[]).map((item, place) => ({ steps: [place], all: inside(all, 0, root), value: item }));
    case 'group': case 'map': return membersOf(all, value as Record<string, unknown>, root);
    default: return [];
  }
}

/** What a field of this shape says. */
export function shown(shape: Shape, value: unknown): string {
  switch (shape) {
    case 'lines': return (value as string[]).join('\n');
    case 'numbers': return (value as number[]).join(', ');
    case 'text': case 'long': case 'choice': return value as string;
    case 'number': case 'yes': return String(value);
    default: return JSON.stringify(value, null, 2);
  }
}

/** What was written into it; undefined for what it cannot mean. */
export function readBack(shape: Shape, text: string): unknown {
  switch (shape) {
    case 'lines': return text.split('\n').map(line => line.trim()).filter(line => line !== '');
    case 'numbers': {
      const numbers = text.split(',').map(part => part.trim()).filter(part => part !== '').map(Number);
      return numbers.every(Number.isFinite) ? numbers : undefined;
    }
    case 'text': case 'long': case 'choice': return text;
    case 'number': return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'yes': return text === 'true';
    default:
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return undefined;
      }
  }
}

/** The document with one value put at a place; undefined takes it away. All else stays, in its order. */
export function put(document: unknown, steps: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (document === undefined && typeof step === 'number') return put([], steps, value);
  if (Array.isArray(document)) {
    if (rest.length === 0 && value === undefined) return document.filter((_, place) => place !== step);
    return step === document.length ? [...document, put(undefined, rest, value)] : document.map((item, place) => place === step ? put(item, rest, value) : item);
  }
  const members = isObject(document) ? document : {};
  if (rest.length === 0 && value === undefined) {
    const { [step]: _, ...left } = members;
    return left;
  }
  return { ...members, [step]: put(members[step], rest, value) };
}

/** What a new value of a kind begins with: something of that kind, that the server may still find wanting. */
export function blank(all: Schema[], root: Schema, depth = 0): unknown {
  const one = all[0];
  if (!one) return '';
  const values = valuesOf([one]);
  if (values.length > 0) return values[0];
  const type = [one.type].flat()[0] ?? (one.properties ? 'object' : one.items ? 'array' : 'string');
  if (type === 'object') return Object.fromEntries(depth > 4 ? [] : (one.required ?? []).map(name => [name, blank(inside([one], name, root), root, depth + 1)]));
  if (type === 'array') {
    const items = inside([one], 0, root);
    return (one.minItems ?? 0) > 0 && depth < 4 ? [blank(items, root, depth + 1)] : [];
  }
  return type === 'number' || type === 'integer' ? Math.max(1, one.minimum ?? 1) : type === 'null' ? null : '';
}
