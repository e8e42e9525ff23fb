import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { build } from 'esbuild';
import { App, Proxy, userAgent } from './app.mjs';
import { openBrowser, until } from './harness.mjs';

let app, browser, proxy, context, errors;

before(async () => { [app, browser] = await Promise.all([App.start(), openBrowser()]); });
after(async () => { await browser?.close(); await app?.stop(); });
beforeEach(async () => {
  proxy = await Proxy.start(app);
  context = await browser.newContext({ userAgent });
  errors = [];
  context.on('weberror', error => errors.push(String(error.error())));
});
afterEach(async () => {
  await context.close();
  await proxy.stop();
  assert.deepEqual(errors, []);
});

// Good and bad weather for whatever sends: between two phases, one call each of the client under test.
const weather = [
  async () => { proxy.mode = 'pass'; },
  async () => { proxy.mode = 'refuse'; },
  async () => { proxy.mode = 'delay'; },
  async () => { proxy.mode = 'lose'; },
  async () => { proxy.mode = 'pass'; await app.end('SIGTERM'); await app.run(); },
  async () => { await app.end('SIGKILL'); await app.run(); }
];

async function live(page, call) {
  for (const [phase, change] of weather.entries()) {
    const posts = proxy.posts.length;
    await page.evaluate(call, { phase, step: 'before' });
    const changed = change();
    await page.evaluate(call, { phase, step: 'during' });
    await changed;
    await until(() => proxy.posts.length > posts, `a request in phase ${phase}`, 60000);
  }
  proxy.mode = 'pass';
}

const expected = weather.flatMap((_, phase) => ['before', 'during'].map(step => `Clicked ${phase} ${step}`));

async function assertOnce(query, others) {
  const timeline = await app.timeline(query, expected.length + others.length);
  // What would come twice had time to come.
  await new Promise(resolve => setTimeout(resolve, 3000));
  const { items } = await app.get(`/api/leads/${(await app.findLead(query)).id}/timeline?limit=200`);
  const names = items.map(({ name }) => name).sort();

  assert.deepEqual(names, [...expected, ...others].sort());
  return timeline;
}

test('lf.js delivers everything once through refusals, late and lost answers, and restarts', async () => {
  proxy.pages.set('/shop', { content: `<title>Shop</title><script>window.lf=window.lf||function(){(lf.q=lf.q||[]).push(arguments)}</script>
    <script async src="http://localhost:${proxy.port}/lf.js" data-key="local-write-key"></script>` });
  const page = await context.newPage();
  await page.goto(`${proxy.origin}/shop`);
  await page.evaluate(() => {
    lf('identify', 'lf-user', { email: 'lf@acme.example', country: 'SI' });
    lf('group', 'acme', { name: 'Acme', employees: 120 });
    lf('alias', 'lf-user', 'lf-before');
  });
  await live(page, ({ phase, step }) => lf('track', `Clicked ${phase} ${step}`, { phase }));

  const timeline = await assertOnce('userId=lf-user', ['page', 'identify', 'group', 'alias']);
  const lead = await app.findLead('userId=lf-user');
  assert.equal(lead.email, 'lf@acme.example');
  assert.equal(lead.traits.country, 'SI');
  assert.ok(lead.anonymousIds.includes((await page.evaluate(() => new Promise(resolve => lf('ready', resolve)))).anonymousId));
  assert.equal(timeline.find(({ name }) => name === 'page').properties.path, '/shop');
  assert.equal((await app.findLead('anonymousId=lf-before')).id, lead.id);
});

test('@segment/analytics-next delivers everything once through refusals, late and lost answers, and restarts', async () => {
  const { outputFiles } = await build({
    stdin: { contents: `import { AnalyticsBrowser } from '@segment/analytics-next'; window.AnalyticsBrowser = AnalyticsBrowser;`, resolveDir: import.meta.dirname },
    bundle: true, write: false, format: 'iife', define: { 'process.env.NODE_ENV': '"production"', global: 'window' }
  });
  proxy.pages.set('/segment.js', { type: 'text/javascript', content: outputFiles[0].text });
  proxy.pages.set('/segment', { content: '<title>Shop</title><script src="/segment.js"></script>' });
  const page = await context.newPage();
  await page.goto(`${proxy.origin}/segment`);
  await page.evaluate(port => {
    window.analytics = AnalyticsBrowser.load({ writeKey: 'local-write-key', cdnURL: `http://localhost:${port}` },
      { integrations: { 'Segment.io': { apiHost: `localhost:${port}/v1`, protocol: 'http' } } });
    analytics.page('Shop');
    analytics.identify('segment-user', { email: 'segment@acme.example', country: 'SI' });
    analytics.group('acme', { name: 'Acme' });
    analytics.alias('segment-user', 'segment-before');
  }, proxy.port);
  await live(page, ({ phase, step }) => { analytics.track(`Clicked ${phase} ${step}`, { phase }); });

  const timeline = await assertOnce('userId=segment-user', ['page', 'identify', 'group', 'alias']);
  const lead = await app.findLead('userId=segment-user');
  assert.equal(lead.email, 'segment@acme.example');
  assert.equal(timeline.find(({ name }) => name === 'page').properties.path, '/segment');
});

test('lf.js is served with an entity tag, compressed, and to any site', async () => {
  const url = `${proxy.origin}/lf.js`;
  const answer = await fetch(url);
  const etag = answer.headers.get('etag');

  assert.equal(answer.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.equal(answer.headers.get('content-encoding'), 'gzip');
  assert.equal(answer.headers.get('vary'), 'Accept-Encoding');
  assert.match(await answer.text(), /window\.lf = window\.lf/);
  assert.equal((await fetch(url, { headers: { 'If-None-Match': etag } })).status, 304);
  const plain = await fetch(url, { headers: { 'Accept-Encoding': 'identity' } });
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.notEqual(plain.headers.get('etag'), etag);
});
