// Fills a workspace with three months of a shop's life: a few hundred people, always the same ones. It moves the app's clock, so it is for a laptop or for staging.
//   node samples/seed.mjs [--help] [--url http://localhost:7071] [--key local-admin-key] [--write-key local-write-key] [--people 300] [--days 90]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const usage = `Fills a workspace with months of a shop's life: the same people at each run. It moves the app's clock, so it is for a laptop or for staging.

node samples/seed.mjs [options]
  --url URL         the app                    (http://localhost:7071)
  --key KEY         an admin's API key         (local-admin-key)
  --write-key KEY   a source's write key       (local-write-key)
  --people N        how many                   (300; at most 5000)
  --days N          how long                   (90; at most 400)
  --help            this`;

function end(text, code) {
  console[code === 0 ? 'log' : 'error'](text);
  process.exit(code);
}

function options() {
  try {
    return parseArgs({ options: {
      url: { type: 'string', default: 'http://localhost:7071' }, key: { type: 'string', default: 'local-admin-key' }, 'write-key': { type: 'string', default: 'local-write-key' },
      people: { type: 'string', default: '300' }, days: { type: 'string', default: '90' }, help: { type: 'boolean', short: 'h', default: false }
    } }).values;
  } catch (error) {
    return end(`${error.message}\n\n${usage}`, 2);
  }
}

const asked = options();
if (asked.help) end(usage, 0);
const whole = (name, most) => /^[1-9]\d*$/.test(asked[name]) && Number(asked[name]) <= most ? Number(asked[name]) : end(`--${name} is a whole number from 1 to ${most}, not ${asked[name]}.`, 2);
const [peopleWanted, days] = [whole('people', 5000), whole('days', 400)];

async function api(method, path, body, key = asked.key) {
  const answer = await fetch(asked.url + path, { method, headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}
const sample = path => readFileSync(new URL(path, import.meta.url), 'utf8');
const json = path => JSON.parse(sample(path));

// Chance, the same at each run (mulberry32).
let state = 20260901;
function chance() {
  state = state + 0x6D2B79F5 | 0;
  let mixed = Math.imul(state ^ state >>> 15, state | 1);
  mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
  return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
}
const pick = list => list[Math.floor(chance() * list.length)];
const upTo = most => Math.floor(chance() * most);

const first = 'Ana Björn Clara David Ewa Filip Greta Hugo Iga Jan Katja Luka Maja Nina Olaf Petra Rafael Sara Tomasz Urška Vera Wanda Zoja Marek Lena Anton Julia Matej'.split(' ');
const last = 'Novak Kowalska Müller Horvat Nowak Schmidt Zupan Wiśniewski Kranjc Weber Lewandowska Fischer Mlakar Zając Becker Potočnik Krawczyk Hofmann Kos Dąbrowski'.split(' ');
const companies = [['Alpina', 240, 'SI', 'Outdoor'], ['Bürohaus Nord', 85, 'DE', 'Offices'], ['Cegła', 130, 'PL', 'Construction'], ['Delta Design', 12, 'SI', 'Design'], ['Elbwerk', 620, 'DE', 'Engineering'], ['Fabryka Form', 55, 'PL', 'Furniture'],
  ['Hotel Jezero', 70, 'SI', 'Hotels'], ['Kanzlei Roth', 18, 'DE', 'Law'], ['Librarium', 34, 'PL', 'Books'], ['Nordlicht Klinik', 410, 'DE', 'Health'], ['Studio Pixel', 8, 'GB', 'Media'], ['Zelena Pisarna', 150, 'SI', 'Offices']];
const plants = [['p1', 'Monstera', 89], ['p2', 'Snake plant', 45], ['p3', 'Fiddle-leaf fig', 120], ['p4', 'Pothos', 25], ['p5', 'Peace lily', 38], ['p6', 'ZZ plant', 55], ['p7', 'Olive tree', 210], ['p8', 'Boston fern', 32]];
const titles = ['Office manager', 'Head of facilities', 'Founder', 'Assistant', 'Buyer', 'Architect'];

/** A person comes on some day, looks around more or less often, and warms up or not. */
function person(number) {
  const [company, employees, country, industry] = pick(companies);
  const name = `${pick(first)} ${pick(last)}`;
  const ascii = name.normalize('NFD').replace(/[^A-Za-z ]/g, '').toLowerCase().replace(' ', '.');
  return {
    number, name, company, employees, country, industry, title: pick(titles), email: `${ascii}.${number}@${company.normalize('NFD').replace(/[^A-Za-z]/g, '').toLowerCase()}.example`,
    phone: `+49 30 5550 ${String(1000 + number)}`, from: upTo(days), warmth: chance() ** 2.2, isKnownFrom: 1 + upTo(3), visits: 0, hasOrdered: false
  };
}

/** A visit: pages, perhaps products and a cart; who has come often enough says who they are. */
function* visit(one, day) {
  one.visits++;
  yield { type: 'page', name: 'Home', properties: { path: '/', title: 'Plants for offices' } };
  if (one.visits === one.isKnownFrom) {
    yield { type: 'identify', userId: `person-${one.number}`, traits: { name: one.name, email: one.email, phone: one.phone, title: one.title, country: one.country, company: { name: one.company, employees: one.employees, industry: one.industry } } };
    yield { type: 'track', event: 'Form Submitted', properties: { form: 'newsletter' } };
    yield { type: 'track', event: 'Consent Changed', properties: { newsletter: chance() < 0.8 }, context: { form: { id: 'newsletter' } } };
  }
  if (chance() < 0.25 + one.warmth * 0.5) yield { type: 'page', name: 'Pricing', properties: { path: '/pricing', title: 'Care plans' } };
  for (let seen = upTo(2 + one.warmth * 4); seen > 0; seen--) {
    const [productId, name, price] = pick(plants);
    yield { type: 'track', event: 'Product Viewed', properties: { productId, name, price } };
    if (chance() < one.warmth * 0.35) yield { type: 'track', event: 'Product Added', properties: { productId, name, price, quantity: 1 } };
  }
  if (chance() < 0.03) yield { type: 'page', name: 'Careers', properties: { path: '/careers', title: 'Jobs' } };
  if (one.warmth > 0.7 && one.visits > 4 && !one.hasOrdered && chance() < 0.12) {
    one.hasOrdered = true;
    yield { type: 'track', event: 'Order Completed', properties: { orderId: `order-${one.number}-${day}`, total: 89 + upTo(600), currency: 'EUR' } };
  }
}

const isThere = (one, day) => day >= one.from && chance() < 0.05 + one.warmth * 0.3 * Math.exp(-(day - one.from) / 60);

async function send(people, day, now) {
  const batch = [];
  for (const one of people.filter(one => isThere(one, day))) {
    let at = now - upTo(20 * 3600_000);
    let place = 0;
    for (const event of visit(one, day)) {
      at = Math.min(now, at + 20_000 + upTo(180_000));
      batch.push({ ...event, anonymousId: `browser-${one.number}`, messageId: `seed-${one.number}-${day}-${place++}`, timestamp: new Date(at).toISOString() });
    }
  }
  for (let begin = 0; begin < batch.length; begin += 200) {
    await api('POST', '/v1/batch', { batch: batch.slice(begin, begin + 200), sentAt: new Date(now).toISOString(), writeKey: asked['write-key'] }, asked['write-key']);
  }
  return batch.length;
}

/** Sales does its part: takes the first, sends some back, leaves the rest waiting. */
async function sell(day) {
  const { items } = await api('GET', '/api/sales/queue?limit=40');
  const reasons = ['not now', 'no budget', 'no answer', 'bad timing'];
  for (const lead of items) {
    const dice = chance();
    const decide = (stage, more = {}) => api('POST', `/api/leads/${lead.leadId}/stage`, { stage, by: lead.owner ?? 'Maja', ...more });
    if (lead.stage === 'mql' && dice < 0.16) {
      await api('PUT', `/api/leads/${lead.leadId}/owner`, { owner: pick(['maja', 'tomasz', 'lena']) });
      await decide('accepted');
    } else if (lead.stage === 'mql' && dice < 0.26) await decide('rejected', { reason: pick(reasons) });
    else if (lead.stage === 'sal' && dice < 0.07) await decide('qualified');
    else if (lead.stage === 'sal' && dice < 0.1) await api('POST', `/api/leads/${lead.leadId}/notes`, { text: pick(['Wants an offer for two floors.', 'Call again after the fair.', 'Compares us with a local gardener.']), by: 'Maja' });
    else if (lead.stage === 'sql' && dice < 0.06) await decide('won', { amount: 900 + upTo(9000), currency: 'EUR' });
  }
}

async function define() {
  for (const id of ['warm', 'ready-to-buy', 'inactive']) {
    const { $schema: _, ...document } = json(`segments/${id}.json`);
    await api('PUT', `/api/segments/${id}`, document);
    await api('POST', `/api/segments/${id}/publish`, {}).catch(error => console.error(`${id} is not published: ${error.message}`));
  }
  const layout = sample('templates/layout.html');
  const whole = (name, language) => layout.replace('<!-- content -->', () => sample(`templates/${name}.${language}.html`)).replace('<!-- foot -->', () => sample(`templates/foot.${language}.html`));
  for (const id of ['welcome-1', 'welcome-2', 'offer-a', 'offer-b']) {
    const document = json(`templates/${id}.json`);
    document.html = whole(id, 'en');
    document.locales.pl.html = whole(id, 'pl');
    await api('PUT', `/api/templates/${id}`, document);
    await api('POST', `/api/templates/${id}/publish`);
  }
  for (const id of ['welcome', 'mql-hand-over']) {
    await api('PUT', `/api/journeys/${id}`, json(`journeys/${id}.json`));
    await api('POST', `/api/journeys/${id}/publish`);
  }
}

const clock = await api('GET', '/api/clock').catch(error => end(error.cause ? `Nothing answers at ${asked.url}: ${error.cause.message || error.cause.code}. Start the app, or name it with --url.` : `The clock cannot be moved here, or the key is no admin's: ${error.message}`, 1));
console.log(`${peopleWanted} people, ${days} days from ${clock.now}`);
await define();
const people = Array.from({ length: peopleWanted }, (_, number) => person(number));
let [now, sent] = [Date.parse(clock.now), 0];
for (let day = 0; day < days; day++) {
  sent += await send(people, day, now);
  ({ now } = await api('POST', '/api/clock', { advance: '1d' }));
  now = Date.parse(now);
  if (day > 10) await sell(day);
  if (day % 10 === 9) console.log(`day ${day + 1}: ${sent} events`);
}
// Today is a day like any other, and people are still there.
sent += await send(people, days, now);
await api('POST', '/api/clock/settle');
console.log(`${sent} events of ${people.length} people. See ${asked.url}/app`);
