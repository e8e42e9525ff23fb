// JSON Schema as far as our documents use it: what may stand at a place. Pure; the form is drawn from it, and the code view completes by it.
import type { Step } from './problems';

export interface Schema {
  $ref?: string; $defs?: Record<string, Schema>; type?: string | string[]; enum?: unknown[]; const?: unknown; description?: string; title?: string;
  properties?: Record<string, Schema>; additionalProperties?: boolean | Schema; required?: string[]; items?: Schema; prefixItems?: Schema[]; propertyNames?: Schema;
  oneOf?: Schema[]; anyOf?: Schema[]; allOf?: Schema[]; if?: Schema; then?: Schema; else?: Schema; minimum?: number; maximum?: number; maxLength?: number; minItems?: number; pattern?: string; format?: string;
  /** The definitions that led here, outermost last. */
  via?: string[];
}

const says = (schema: Schema) => schema.$ref !== undefined || schema.type !== undefined || schema.enum !== undefined || schema.const !== undefined || schema.properties !== undefined || schema.items !== undefined
  || schema.oneOf !== undefined || schema.anyOf !== undefined || schema.allOf !== undefined || schema.additionalProperties instanceof Object;

const definition = (root: Schema, ref: string) => ref.startsWith('#/') ? ref.slice(2).split('/').reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name.replace(/~1/g, '/').replace(/~0/g, '~')], root) as Schema | undefined : undefined;

const both = (base: Schema, own: Schema): Schema => ({
  ...base, ...own, via: [...(base.via ?? []), ...(own.via ?? [])], required: [...new Set([...(base.required ?? []), ...(own.required ?? [])])],
  ...(base.properties || own.properties ? { properties: { ...base.properties, ...own.properties } } : {})
});

/** All that a schema may come to: without references and choices. */
export function alternatives(schema: Schema | boolean | undefined, root: Schema, depth = 0): Schema[] {
  if (schema === undefined || typeof schema === 'boolean' || depth > 12) return schema === true ? [{}] : [];
  const { $ref, oneOf, anyOf, allOf, if: condition, then, else: otherwise, ...own } = schema;
  let all: Schema[] = [own];
  if ($ref) {
    const found = definition(root, $ref);
    const name = $ref.split('/').pop()!; // split gives one
    all = found ? alternatives(found, root, depth + 1).map(base => both({ ...base, via: [...(base.via ?? []), name] }, own)) : [own];
  }
  for (const part of allOf ?? []) all = all.flatMap(one => alternatives(part, root, depth + 1).map(more => both(one, more)));
  const either = condition && then && otherwise && says(then) && says(otherwise) ? [otherwise, then] : undefined; // else they only say what is required
  for (const choice of [oneOf, anyOf, either]) {
    const parts = choice?.filter(says) ?? []; // the others only say what is required
    if (parts.length > 0) all = all.flatMap(one => parts.flatMap(part => alternatives(part, root, depth + 1).map(more => both(one, more))));
  }
  return all;
}

export const typeOf = (value: unknown) => value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** Whether a value is of this kind, at its surface. */
export function fits(schema: Schema, value: unknown): boolean {
  const type = typeOf(value);
  const types = schema.type === undefined ? undefined : [schema.type].flat();
  if (types && !types.includes(type) && !(type === 'number' && types.includes('integer') && Number.isInteger(value))) return false;
  if (schema.const !== undefined && schema.const !== value) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (type === 'object' && (schema.properties || schema.required)) {
    const names = Object.keys(value as object);
    if ((schema.required ?? []).some(name => !names.includes(name))) return false;
    if (schema.additionalProperties === false && names.some(name => !(name in (schema.properties ?? {})))) return false;
    return Object.entries(schema.properties ?? {}).every(([name, one]) => one.const === undefined || !names.includes(name) || (value as Record<string, unknown>)[name] === one.const);
  }
  return true;
}

/** The kind that a value is of; the first of them when it is of none. */
export const chosen = (all: Schema[], value: unknown): Schema | undefined => all.find(one => fits(one, value)) ?? all[0];

export function inside(all: Schema[], step: Step, root: Schema): Schema[] {
  return all.flatMap(one => typeof step === 'number'
    ? alternatives(one.prefixItems?.[step] ?? one.items, root)
    : alternatives(one.properties?.[step] ?? (typeof one.additionalProperties === 'object' ? one.additionalProperties : undefined), root));
}

/** What may stand at a place of a document. Where there is a choice on the way, what stands there now decides, if it does. */
export function at(root: Schema, steps: readonly Step[], document?: unknown): Schema[] {
  let [all, value] = [alternatives(root, root), document];
  for (const step of steps) {
    const matching = value === undefined ? [] : all.filter(one => fits(one, value));
    all = inside(matching.length > 0 ? matching : all, step, root);
    value = value !== null && typeof value === 'object' ? (value as Record<Step, unknown>)[step] : undefined;
  }
  return all;
}

/** Names of members that may be at a place, with what they mean. */
export const membersOf = (all: Schema[]) => new Map(all.flatMap(one => Object.entries(one.properties ?? {}).map(([name, schema]): [string, string | undefined] => [name, schema.description])));

/** Values that may be there, where they can be told. */
export const valuesOf = (all: Schema[]): unknown[] => [...new Set(all.flatMap(one => one.const !== undefined ? [one.const] : one.enum ?? ([one.type].flat().includes('boolean') ? [true, false] : [])))];
