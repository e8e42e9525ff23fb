// What can be defined, each with where the API has it and what a new one begins with.

export interface Kind {
  id: string;
  /** Under which the API has all of them; of the one that there is, itself. */
  path: string;
  schema: string;
  /** There is exactly one: it has no id. */
  single?: boolean;
  /** What publishing would do can be asked. */
  rehearses?: 'effect' | 'reach';
  /** How one of them goes out of use; absent: not at all. */
  removes?: 'delete' | 'archive';
  starter: (id: string) => unknown;
}

export const kinds = [
  {
    id: 'journeys', path: '/api/journeys', schema: '/api/schemas/journey.json', rehearses: 'effect', removes: 'archive',
    starter: (id: string) => ({ name: id, trigger: { event: 'Signed Up' }, steps: [{ id: 'wait', type: 'wait', for: '1d' }] })
  },
  {
    id: 'scoring-models', path: '/api/scoring-models', schema: '/api/schemas/scoring-model.json', rehearses: 'effect', removes: 'delete',
    starter: (id: string) => ({ name: id, engagement: { cap: 100, rules: [{ id: 'pricing', when: { event: 'page', where: { path: { startsWith: '/pricing' } } }, points: 10, halfLife: '14d' }] } })
  },
  {
    id: 'segments', path: '/api/segments', schema: '/api/schemas/segment.json', rehearses: 'effect', removes: 'delete',
    starter: (id: string) => ({ name: id, when: { event: 'page', where: { path: { startsWith: '/pricing' } }, count: { gte: 2 }, within: '14d' } })
  },
  {
    id: 'templates', path: '/api/templates', schema: '/api/schemas/template.json', removes: 'delete',
    starter: (id: string) => ({ name: id, subject: 'Hello {{ lead.name | default: "there" }}', html: '<p>Hello {{ lead.name | default: "there" }}</p>' })
  },
  {
    id: 'forms', path: '/api/forms', schema: '/api/schemas/form.json', removes: 'delete',
    starter: (id: string) => ({ name: id, fields: [{ type: 'email', name: 'email', label: 'E-mail', required: true }] })
  },
  {
    id: 'content', path: '/api/content', schema: '/api/schemas/content.json', rehearses: 'reach', removes: 'delete',
    starter: (id: string) => ({ name: id, slot: 'hero', html: '<p>Hello</p>' })
  },
  { id: 'lifecycle', path: '/api/lifecycle', schema: '/api/schemas/lifecycle.json', rehearses: 'effect', single: true, starter: () => ({}) }
] as const satisfies readonly Kind[];

export type KindId = typeof kinds[number]['id'];

export const kindOf = (id?: string): (Kind & { id: KindId }) | undefined => kinds.find(kind => kind.id === id);
export const pageOfKind = (kind: Kind) => `/app/rules/${kind.id}`;
export const pageOf = (kind: Kind, id: string) => kind.single ? pageOfKind(kind) : `${pageOfKind(kind)}/${encodeURIComponent(id)}`;
export const apiOf = (kind: Kind, id: string) => kind.single ? kind.path : `${kind.path}/${encodeURIComponent(id)}`;
/** As the API has it; the built-in lifecycle, which nobody has saved, has no version. */
export const isId = (id: string) => /^[a-z0-9][a-z0-9_-]{0,63}$/.test(id);
