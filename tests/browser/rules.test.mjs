// The dashboard's editor where no browser is needed: nothing that a document may hold is lost on its way through the form, and errors find their places.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { build } from 'esbuild';

const folder = new URL('../../web/dashboard/src/definitions/', import.meta.url);
const load = async name => {
  const { outputFiles: [{ text }] } = await build({ entryPoints: [new URL(name, folder).pathname], bundle: true, format: 'esm', write: false, logLevel: 'silent' });
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
};
const [schemas, shapes, problems, fixes, suggest, moments, samples, compare, boxes, courses, zoned] = await Promise.all(
  ['schema.ts', 'form/shape.ts', 'problems.ts', 'fix.ts', 'suggest.ts', '../rehearsal/moment.ts', '../rehearsal/samples.ts', '../journeys/compare.ts', 'boxes.ts', '../reports/course.ts', '../messages/zoned.ts'].map(load));

const read = path => JSON.parse(readFileSync(new URL(`../../functions/${path}`, import.meta.url), 'utf8'));
const conditions = read('Conditions/conditions.schema.json').$defs;
const kinds = Object.fromEntries(Object.entries({
  segment: 'Segments/segment', 'scoring-model': 'Scoring/scoring-model', journey: 'Journeys/journey', template: 'Templates/template', form: 'Forms/form', content: 'OnSite/content', lifecycle: 'Lifecycle/lifecycle'
}).map(([kind, path]) => {
  const schema = read(`${path}.schema.json`);
  return [kind, { ...schema, $defs: { ...conditions, ...schema.$defs } }];
}));

// Chance, the same at each run (mulberry32).
const chanceOf = seed => () => {
  seed = seed + 0x6D2B79F5 | 0;
  let mixed = Math.imul(seed ^ seed >>> 15, seed | 1);
  mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
  return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
};

/** Something that the schema allows, with texts that are awkward to show. */
function random(schema, root, chance, depth = 0) {
  const pick = list => list[Math.floor(chance() * list.length)];
  const one = pick(schemas.alternatives(schema, root));
  if (!one) return 'x';
  if (one.const !== undefined) return one.const;
  if (one.enum) return pick(one.enum);
  const type = pick([one.type ?? (one.properties ? 'object' : one.items ? 'array' : 'string')].flat());
  if (type === 'object') {
    const members = {};
    for (const [name, inner] of Object.entries(one.properties ?? {})) {
      if (one.required?.includes(name) || (depth < 5 && chance() < 0.4)) members[name] = random(inner, root, chance, depth + 1);
    }
    if (typeof one.additionalProperties === 'object') for (let count = Math.floor(chance() * 3); count >= 0; count--) members[pick(['a', 'b.c', 'path', 'mit Umlaut ü'])] = random(one.additionalProperties, root, chance, depth + 1);
    return members;
  }
  if (type === 'array') return Array.from({ length: Math.max(one.minItems ?? 0, depth > 6 ? 0 : Math.floor(chance() * 4)) }, () => random(one.items ?? {}, root, chance, depth + 1));
  if (type === 'number') return pick([0, 1, -3.5, 1e21, 0.1, 40]);
  if (type === 'integer') return pick([0, 1, 40]);
  if (type === 'boolean') return chance() < 0.5;
  if (type === 'null') return null;
  return one.pattern?.includes('[smhdw]') ? '14d' : one.pattern?.includes('\\d{4}') ? '2026-06-01' : pick(['x', ' spaced ', 'two\nlines', 'crlf\r\n', '"quoted" \\ back', 'true', '12', '', '{{ lead.name }}', 'ž☃']);
}

/** The document as the form has it: each field shown, read back, and put in its place. */
function through(all, value, root) {
  const parts = shapes.partsOf(all, value, root);
  if (parts.length === 0) {
    const shape = shapes.shapeOf(all, value);
    return value !== null && typeof value === 'object' && Object.keys(value).length === 0 ? value : shapes.readBack(shape, shapes.shown(shape, value));
  }
  return parts.reduce((document, part) => shapes.put(document, part.steps, through(part.all, part.value, root)), Array.isArray(value) ? [] : {});
}

for (const [kind, schema] of Object.entries(kinds)) {
  test(`Whatever a ${kind} may hold comes out of the form as it went in`, () => {
    const all = schemas.alternatives(schema, schema);
    const seen = new Map();
    const count = (all, value) => {
      const shape = shapes.shapeOf(all, value);
      seen.set(shape, (seen.get(shape) ?? 0) + 1);
      for (const part of shapes.partsOf(all, value, schema)) count(part.all, part.value);
    };
    for (let seed = 1; seed <= 150; seed++) {
      const document = random(schema, schema, chanceOf(seed));
      assert.equal(JSON.stringify(through(all, document, schema)), JSON.stringify(document), `seed ${seed}`);
      count(all, document);
    }
    // Of what there is, hardly anything is left to a block of JSON.
    const blocks = seen.get('json') ?? 0;
    assert.ok(blocks < [...seen.values()].reduce((sum, one) => sum + one) * 0.2, JSON.stringify([...seen]));
  });
}

test('A change in one field changes that alone', () => {
  const document = JSON.parse(readFileSync(new URL('../../samples/scoring-models/shop.json', import.meta.url), 'utf8'));
  const changed = shapes.put(document, ['engagement', 'rules', 0, 'points'], 11);
  assert.equal(JSON.stringify(changed), JSON.stringify(document).replace('"points":10,"halfLife":"14d","group"', '"points":11,"halfLife":"14d","group"'));
  assert.equal(JSON.stringify(shapes.put(changed, ['engagement', 'rules', 0, 'points'], 10)), JSON.stringify(document));
});

test('Paths of errors lead where they say, and what was likely meant is put right', () => {
  for (const steps of [[], ['when', 'all', 0, 'trait'], ['where', 'context.page.path', 'startsWith'], ['a', "it's", 'b\\c', 3]]) assert.deepEqual(problems.stepsOf(problems.pathOf(steps)), steps);
  assert.equal(problems.stepsOf('If-Match'), null);
  assert.deepEqual(problems.fixesOf({ path: '$', message: '', expected: 'did you mean "startsWith"?' }), ['startsWith']);
  assert.deepEqual(problems.fixesOf({ path: '$', message: '', expected: 'one of wait, send' }), ['wait', 'send']);
  assert.deepEqual(problems.fixesOf({ path: '$', message: '', expected: 'a duration such as 14d, 12h' }), []);

  const misnamed = fixes.fixIn('{"name":"x","when":{"trait":"a","startWith":"b"}}', { path: '$.when.startWith', message: 'There is no field "startWith" here.' }, 'startsWith');
  assert.equal(JSON.stringify(JSON.parse(misnamed)), '{"name":"x","when":{"trait":"a","startsWith":"b"}}');
  const mistyped = fixes.fixIn('{"steps":[{"id":"a","type":"wiat"}]}', { path: '$.steps[0].type', message: 'There is no step "wiat".' }, 'wait');
  assert.equal(JSON.stringify(JSON.parse(mistyped)), '{"steps":[{"id":"a","type":"wait"}]}');
});

const known = {
  events: [{ name: 'Order Completed', properties: [{ name: 'total' }, { name: 'currency' }] }, { name: 'page', properties: [{ name: 'path' }] }], traits: ['email', 'company.name'],
  ids: { segment: ['warm'], template: ['hello', 'bye'], topic: ['news'], stage: ['mql'] }
};

test('What is suggested at a place is what can be meant there: seen names and ids that there are', () => {
  const document = { trigger: { event: 'Order Completed', where: { total: 1 } }, entry: { when: { all: [{ trait: 'x', exists: true }, { event: ['a', 'page'], where: {} }, { segment: '' }] } }, steps: [{ id: 'a', type: 'send', template: '' }] };
  assert.deepEqual(suggest.suggestValues(known, document, ['trigger', 'event']), ['Order Completed', 'page']);
  assert.deepEqual(suggest.suggestValues(known, document, ['entry', 'when', 'all', 1, 'event', 1]), ['Order Completed', 'page']);
  assert.deepEqual(suggest.suggestNames(known, document, ['trigger', 'where']), ['total', 'currency']);
  assert.deepEqual(suggest.suggestNames(known, document, ['entry', 'when', 'all', 1, 'where']), ['path']);
  assert.deepEqual(suggest.suggestNames(known, { event: 'Unheard Of', where: {} }, ['where']), ['total', 'currency', 'path']);
  assert.deepEqual(suggest.suggestValues(known, document, ['entry', 'when', 'all', 0, 'trait']), ['email', 'company.name']);
  assert.deepEqual(suggest.suggestValues(known, document, ['entry', 'when', 'all', 2, 'segment']), ['warm']);
  assert.deepEqual(suggest.suggestValues(known, document, ['steps', 0, 'template']), ['hello', 'bye']);
  assert.deepEqual(suggest.suggestValues(known, document, ['steps', 0, 'id']), []);
});

test('A moment of a rehearsal tells where every run stands then, and what had happened', () => {
  const at = hours => new Date(Date.UTC(2026, 5, 1, hours)).toISOString();
  const runs = [
    { run: '1', lead: 'a', enteredAt: at(0), status: 'completed', endedAt: at(30), log: [{ at: at(0), what: 'entered' }, { at: at(0), step: 'hello', what: 'sent' }, { at: at(0), step: 'pause', what: 'waits' }, { at: at(24), step: 'bye', what: 'sent' }, { at: at(30), what: 'ended' }] },
    { run: '2', lead: 'b', enteredAt: at(10), status: 'active', log: [{ at: at(10), what: 'entered' }, { at: at(10), step: 'hello', what: 'not sent' }, { at: at(10), step: 'pause', what: 'waits' }] },
    { run: '3', lead: 'c', enteredAt: at(1), status: 'heldOut', log: [] }
  ];
  const of = hours => moments.momentOf(runs, Date.parse(at(hours)));
  assert.deepEqual(of(-1), { here: {}, entered: 0, inside: 0, ended: 0, sent: 0 });
  assert.deepEqual(of(12), { here: { pause: 2 }, entered: 2, inside: 2, ended: 0, sent: 1 });
  assert.deepEqual(of(25), { here: { bye: 1, pause: 1 }, entered: 2, inside: 2, ended: 0, sent: 2 });
  assert.deepEqual(of(30), { here: { pause: 1 }, entered: 2, inside: 1, ended: 1, sent: 2 });
});

test('Sample people do what the journey asks for, by its own conditions', () => {
  const now = Date.UTC(2026, 5, 1);
  const document = {
    trigger: { event: 'Cart', where: { total: { gte: 20 }, currency: 'EUR' } }, goal: { event: 'Order Completed' },
    steps: [{ id: 'w', type: 'waitFor', when: { event: ['Email Clicked', 'x'], where: { template: 'hello' } }, timeout: '1d', then: [{ id: 't', type: 'track', event: 'Told' }] }]
  };
  const [one] = samples.scriptOf(document, 'answers', now);
  assert.deepEqual(one.events.map(({ at: _, ...event }) => event), [
    { name: 'Cart', properties: { total: 20, currency: 'EUR' } }, { name: 'Email Clicked', properties: { template: 'hello' } }, { name: 'Order Completed' }
  ]);
  assert.equal(samples.scriptOf(document, 'crowd', now).length, 20);
  const [birthday] = samples.scriptOf({ trigger: { date: { trait: 'birthday' } }, steps: [] }, 'starts', now);
  assert.deepEqual([birthday.traits.birthday, birthday.events], ['2026-06-15', []]);
});

test('Two versions of a journey are one tree: what came, went, moved and changed, each where it stands', () => {
  const step = (id, more = {}) => ({ id, type: 'wait', for: '1d', ...more });
  const fork = (then, rest = {}) => ({ id: 'fork', type: 'waitFor', when: { event: 'x' }, timeout: '1d', then, else: [step('no')], ...rest });
  const before = { steps: [step('a'), step('gone'), step('b'), fork([step('c'), step('d')])] };
  const after = { steps: [step('b'), step('a', { for: '2d' }), fork([step('d'), step('new')]), step('c')] };
  const { steps, of } = compare.changesOf(before, after);
  assert.deepEqual(Object.fromEntries(Object.entries(of).map(([id, { what }]) => [id, what])), { a: 'changed', new: 'added', c: 'moved', gone: 'removed' });
  assert.deepEqual(steps.map(one => one.id), ['b', 'a', 'gone', 'fork', 'c']);
  assert.deepEqual(steps[3].ways.map(way => [way.name, way.steps.map(one => one.id)]), [['then', ['d', 'new']], ['else', ['no']]]);
  assert.deepEqual(compare.changesOf(before, structuredClone(before)).of, {});
  // What is written in another order does the same.
  assert.deepEqual(compare.changesOf(before, { steps: [step('a'), step('gone'), step('b'), fork([step('c'), step('d')], { timeout: '2d' })] }).of.fork.what, 'changed');
});

test('A problem stands at the box of its step, however deep', () => {
  const document = { steps: [{ id: 'a', type: 'wait' }, { id: 'fork', type: 'branch', paths: [{ name: 'x', when: { event: 'e' }, steps: [{ id: 'deep', type: 'send' }] }] }], trigger: { id: 'no', event: 'x' } };
  const at = path => Object.keys(boxes.boxesOf(document, [{ path, message: '' }]));
  assert.deepEqual(['$.steps[0].for', '$.steps[1].paths[0].when', '$.steps[1].paths[0].steps[0].template', '$.trigger.event', 'If-Match'].map(at), [['a'], ['fork'], ['deep'], [], []]);
});

test('A report over time is lines with a gap where nothing is known, and a zero where nobody was counted', () => {
  const report = (by, rows) => ({ by, rows: rows.map(([month, source, value]) => ({ month, source, value, people: 1 })) });
  const whole = report(['month'], [['2026-01', undefined, 3], ['2026-02', undefined, 0], ['2026-03', undefined, 5]]);
  const cut = report(['month', 'source'], [['2026-01', 'a', 1], ['2026-01', 'b', 2], ['2026-03', 'a', null], ['2026-03', 'b', 5]]);
  assert.deepEqual(courses.courseOf(whole, 'month', whole, true), { periods: ['2026-01', '2026-02', '2026-03'], lines: [{ name: '', values: [3, 0, 5] }], of: 1 });
  assert.deepEqual(courses.courseOf(cut, 'month', whole, true).lines, [{ name: 'a', values: [1, 0, null] }, { name: 'b', values: [2, 0, 5] }]);
  assert.deepEqual(courses.courseOf(cut, 'month', whole, false).lines, [{ name: 'a', values: [1, null, null] }, { name: 'b', values: [2, null, 5] }]);

  const many = report(['month', 'source'], Array.from({ length: 9 }, (_, at) => ['2026-01', `s${at}`, at]));
  const drawn = courses.courseOf(many, 'month', whole, true);
  assert.deepEqual([drawn.lines.map(line => line.name), drawn.of], [['s8', 's7', 's6', 's5', 's4', 's3'], 9]);
  const one = report(['month'], [['2026-01', undefined, 3]]);
  assert.equal(courses.courseOf(one, 'month', one, true), undefined); // a point is no line
  assert.equal(courses.courseOf(report(['month'], [['2026-01', undefined, null], ['2026-02', undefined, null]]), 'month', report(['month'], [['2026-01'], ['2026-02']]), false), undefined);
});

test('A time of day is the moment at which the workspace’s clocks show it; one that they skip is an hour later, of one that comes twice either', () => {
  const table = [
    ['2026-12-24T09:00', 'Europe/Warsaw', '08:00'], ['2026-07-01T09:00', 'Asia/Tokyo', '00:00'], ['2026-03-29T02:30', 'Europe/Warsaw', '01:30'], ['2026-03-29T04:30', 'Europe/Warsaw', '02:30'],
    ['2026-03-08T02:30', 'America/New_York', '07:30'], ['2026-03-08T04:30', 'America/New_York', '08:30'], ['2026-07-01T12:00', 'Asia/Kathmandu', '06:15'], ['2026-10-04T02:15', 'Australia/Lord_Howe', '15:45']
  ];
  assert.deepEqual(table.map(([local, zone]) => zoned.momentOf(local, zone).slice(11, 16)), table.map(([, , utc]) => utc));
  assert.ok(['05:30', '06:30'].includes(zoned.momentOf('2026-11-01T01:30', 'America/New_York').slice(11, 16)));
  assert.equal(zoned.momentOf('', 'UTC'), undefined);
  for (const [local, zone] of table.filter(([local]) => !['2026-03-29T02:30', '2026-03-08T02:30', '2026-10-04T02:15'].includes(local))) assert.equal(zoned.localOf(Date.parse(zoned.momentOf(local, zone)), zone), local);
});
