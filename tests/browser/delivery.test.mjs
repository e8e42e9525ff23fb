import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, until } from './harness.mjs';

const { site, open, named, lf, settled } = fixture();
const names = () => site.server.events.map(event => event.event || event.type);

test('A request that gets 503 is repeated after Retry-After under the same messageIds', async () => {
  site.server.answer = count => count < 2 ? { status: 503, headers: { 'Retry-After': '1' } } : { status: 200 };
  const page = await open();
  await until(() => site.server.requests.length, 'the first attempt');
  for (let n = 0; n < 5; n++) await lf(page, 'track', `Meanwhile ${n}`);
  await named('Meanwhile 4');
  const [first, second, third] = site.server.requests;

  assert.ok(second.at - first.at >= 990 && third.at - second.at >= 990, `${second.at - first.at}, ${third.at - second.at} ms`);
  assert.equal(second.json.batch[0].messageId, first.json.batch[0].messageId);
  assert.notEqual(second.json.sentAt, first.json.sentAt);
  assert.deepEqual(names(), ['page', ...Array.from({ length: 5 }, (_, n) => `Meanwhile ${n}`)]);
  assert.equal(site.server.delivered.length, 6);
});

test('Without Retry-After the pauses grow, however many events come', async () => {
  site.server.answer = () => ({ status: 500 });
  const page = await open();
  await page.evaluate(() => setInterval(() => lf('track', 'Tick'), 50));
  await until(() => site.server.requests.length === 3, 'three attempts', 20000);
  const [first, second, third] = site.server.requests.map(({ at }) => at);

  assert.ok(second - first >= 490, `${second - first} ms`);
  assert.ok(third - second >= 990, `${third - second} ms`);
});

test('A 4xx drops the batch, and the next events are sent', async () => {
  site.server.answer = count => ({ status: count === 0 ? 400 : 200 });
  const page = await open();
  await until(() => site.server.requests.length, 'the refused request');
  await lf(page, 'track', 'Next');
  await named('Next');
  await settled();

  assert.equal(site.server.requests.length, 2);
  assert.deepEqual(names(), ['Next']);
});

test('What could not be sent survives a reload and is sent once, by the next page', async () => {
  site.server.answer = () => 'broken connection';
  const page = await open('/one');
  await lf(page, 'track', 'Offline');
  await settled();
  await page.goto(`${site.server.origin}/two`);
  await lf(page, 'track', 'Offline too');
  await page.goto('about:blank');
  site.server.answer = () => ({ status: 200 });
  await open('/three', page);
  await named('Offline too');
  await settled();

  assert.deepEqual(names().sort(), ['Offline', 'Offline too', 'Page Left', 'Page Left', 'page', 'page', 'page']);
  assert.equal(site.server.delivered.length, 7);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['lf_aid']);
});

test('Being online again ends the wait', async () => {
  const page = await open();
  await named('page');
  await site.context.setOffline(true);
  await lf(page, 'track', 'Offline');
  await settled();
  await settled();
  await site.context.setOffline(false);
  await named('Offline');

  assert.equal(site.server.delivered.length, 2);
});

test('Tabs that close during an outage lose nothing and send no event under two ids', async () => {
  site.server.answer = () => ({ status: 503 });
  for (let tab = 0; tab < 3; tab++) {
    const page = await open(`/tab${tab}`);
    await lf(page, 'track', `Tab ${tab}`);
    await page.close({ runBeforeUnload: true });
  }
  await until(() => site.context.pages().length === 0, 'all tabs closed');
  site.server.answer = () => ({ status: 200 });
  const [one, two] = await Promise.all([open('/last'), open('/last')]);
  await Promise.all([0, 1, 2].map(tab => named(`Tab ${tab}`)));
  await settled();

  assert.deepEqual(names().sort(), [...Array(3).fill('Page Left'), 'Tab 0', 'Tab 1', 'Tab 2', ...Array(5).fill('page')]);
  for (const page of [one, two]) assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['lf_aid']);
});

test('Batches stay under the 64 KB that a browser sends from a closing page', async () => {
  const page = await open();
  await page.evaluate(() => { for (let n = 0; n < 20; n++) lf('track', `Big ${n}`, { text: 'ž'.repeat(4000) }); });
  await named('Big 19');

  assert.ok(site.server.requests.length > 2);
  assert.ok(site.server.requests.every(({ bytes }) => bytes < 65536));
  assert.equal(site.server.delivered.length, 21);
});

test('A single event over the limit is dropped with a warning in the console', async () => {
  const page = await open();
  const warning = page.waitForEvent('console');
  await lf(page, 'track', 'Huge', { text: 'x'.repeat(40000) });
  assert.match((await warning).text(), /lf: too large/);
  await lf(page, 'track', 'Small');
  await named('Small');

  assert.deepEqual(names(), ['page', 'Small']);
});

test('A host page that breaks fetch sees no error, and the events go out once it is whole again', async () => {
  await site.context.addInitScript(`window.realFetch = window.fetch; window.fetch = () => { throw new Error('blocked'); };`);
  const page = await open();
  await lf(page, 'track', 'Kept');
  await settled();
  assert.equal(site.server.requests.length, 0);
  await page.evaluate(() => { window.fetch = window.realFetch; });
  await named('Kept');

  assert.equal(site.server.delivered.length, 2);
});

test('Hostile arguments and broken globals never throw into the page', async () => {
  await site.context.addInitScript(`Intl.DateTimeFormat = undefined; history.pushState = Object.freeze(history.pushState);`);
  const page = await open();
  await page.evaluate(() => {
    const loop = {};
    loop.self = loop;
    lf(); lf('track'); lf('track', 'Loop', loop); lf('identify', Symbol('x')); lf('ready'); lf('ready', () => { throw new Error('host'); });
    lf('consent'); lf('page', null, null); lf(null, null); lf('group'); lf('constructor'); lf('__proto__');
    history.pushState({}, '', '/moved');
    dispatchEvent(new Event('popstate'));
    document.dispatchEvent(new Event('submit'));
    document.dispatchEvent(new MouseEvent('click'));
  });

  assert.equal(await page.evaluate(() => location.pathname), '/moved');
});

test('The script loaded twice counts once', async () => {
  site.server.body = '<script async src="/lf.js" data-key="KEY"></script>';
  await open();
  await named('page');
  await settled();

  assert.equal(site.server.delivered.length, 1);
});
