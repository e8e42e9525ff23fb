// Documents with one mistake each, and words of the line at which it stands.
const step = (id, more) => ({ id, type: 'wait', for: '1d', ...more });

export const broken = [
  ['journeys', { name: 'x', trigger: { event: 'a' }, steps: [step('one'), step('two', { type: 'wiat' })] }, 'wiat'],
  ['journeys', { name: 'x', trigger: { event: 'a' }, steps: [step('one'), step('fork', { type: 'waitFor', for: undefined, when: { event: 'b' }, timeout: '1x', then: [step('in')] })] }, '1x'],
  ['journeys', { name: 'x', trigger: { event: 'a' }, steps: [step('one'), step('two'), step('one', { for: '3d' })] }, '"one"', 'last'],
  ['segments', { name: 'x', when: { all: [{ trait: 'a', exists: true }, { any: [{ event: 'b', count: { gte: 1 } }, { event: 'c', count: { atLeast: 2 } }] }] } }, 'atLeast'],
  ['segments', { name: 'x', when: { not: { trait: 'a', matches: '(' } } }, '"("'],
  ['scoring-models', { name: 'x', engagement: { rules: [{ id: 'a', when: { event: 'page' }, points: 1 }, { id: 'b', when: { event: 'page', where: { 'context.page.path': { startsWith: 7 } } }, points: 2 }] } }, 'startsWith'],
  ['scoring-models', { name: 'x', engagement: { rules: [{ id: 'a', when: { event: 'page' }, points: 'many' }] } }, 'many'],
  ['templates', { name: 'x', subject: 'Hello', html: '<p>{{ lead.name </p>' }, 'html'],
  ['forms', { name: 'x', fields: [{ type: 'email', name: 'email', label: 'E-mail' }, { type: 'txt', name: 'a', label: 'A' }] }, 'txt'],
  ['content', { name: 'x', slot: 'Not A Slot', html: '<p>x</p>' }, 'Not A Slot'],
  ['lifecycle', { stages: [{ id: 'lead' }, { id: 'mql', when: { engagment: { gte: 5 } } }] }, 'engagment']
];

/** As the editor writes it: without what is undefined. */
export const written = document => JSON.stringify(document, null, 2);
