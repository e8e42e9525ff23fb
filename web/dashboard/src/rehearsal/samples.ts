// People to begin a rehearsal with, made of the document itself: who does what starts the journey, and nothing more, or all that it waits for. They are written out, to be changed. Pure.
import { isMembers, type Members } from '../definitions/json';

export interface Script { id: string; traits: Members; events: { at: string; name: string; properties?: Members }[] }
export const samples = ['starts', 'answers', 'crowd'] as const;
export type Sample = typeof samples[number];

const day = 86_400_000;
const moment = (from: number, days: number) => new Date(from + days * day).toISOString();

/** Properties that pass a test, as far as it says which. */
const passing = (where: unknown): Members => Object.fromEntries(Object.entries(isMembers(where) ? where : {}).flatMap(([name, test]): [string, unknown][] => {
  const { equals, in: several, startsWith, contains, gte, gt } = isMembers(test) ? test : { equals: Array.isArray(test) ? test[0] : test } as Members;
  const value = equals ?? (Array.isArray(several) ? several[0] : undefined) ?? startsWith ?? contains ?? gte ?? (typeof gt === 'number' ? gt + 1 : undefined);
  return value === undefined ? [] : [[name, value]];
}));

const eventOf = (asked: Members): { name: string; properties?: Members } | undefined => {
  const name = typeof asked.event === 'string' ? asked.event : Array.isArray(asked.event) ? String(asked.event[0]) : typeof asked.form === 'string' ? 'Form Submitted' : undefined;
  if (name === undefined) return undefined;
  const properties = { ...passing(asked.where), ...(typeof asked.form === 'string' ? { form: asked.form } : {}) };
  return { name, ...(Object.keys(properties).length > 0 ? { properties } : {}) };
};

/** Every event that something below asks for, once. */
function asked(value: unknown, found = new Map<string, { name: string; properties?: Members }>()): Map<string, { name: string; properties?: Members }> {
  if (Array.isArray(value)) value.forEach(one => asked(one, found));
  else if (isMembers(value)) {
    const event = value.type === 'track' ? undefined : eventOf(value);
    if (event && !found.has(event.name)) found.set(event.name, event);
    Object.values(value).forEach(one => asked(one, found));
  }
  return found;
}

/** What starts it; a date starts it by a trait. */
function starting(document: Members, from: number): { traits: Members; events: Script['events'] } {
  const trigger = isMembers(document.trigger) ? document.trigger : {};
  const date = isMembers(trigger.date) && typeof trigger.date.trait === 'string' ? { [trigger.date.trait]: moment(from, 14).slice(0, 10) } : {};
  const event = eventOf(trigger);
  return { traits: date, events: event ? [{ at: moment(from, 0), ...event }] : [] };
}

export function scriptOf(document: unknown, sample: Sample, from: number): Script[] {
  const journey = isMembers(document) ? document : {};
  const one = (id: string, days: number, isAnswering: boolean): Script => {
    const { traits, events } = starting(journey, from + days * day);
    const answers = isAnswering ? [...asked([journey.steps, journey.goal]).values()].map((event, place) => ({ at: moment(from, days + 1 + place), ...event })) : [];
    return { id, traits: { name: id, email: `${id}@example.com`, ...traits }, events: [...events, ...answers] };
  };
  switch (sample) {
    case 'starts': return [one('ann', 0, false)];
    case 'answers': return [one('ann', 0, true)];
    case 'crowd': return Array.from({ length: 20 }, (_, place) => one(`person-${place + 1}`, place % 7, place % 3 === 0));
  }
}
