// How fast the dashboard is for somebody on a bad line with a weak machine. Load on the machine that tests only ever slows it down, never speeds it up:
// a budget is met when the best of some runs meets it, and broken when none does. So a busy machine costs a few runs more, and raises no false alarm.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagesOf } from './pages.mjs';

/** "Slow 4G" as Lighthouse has it: 150 ms there and back, 1.6 Mbit/s; and a CPU of a quarter of the speed. */
const line = { offline: false, latency: 150, downloadThroughput: 1.6 * 1024 * 1024 / 8, uploadThroughput: 750 * 1024 / 8 };
const slower = 4;
const most = 6;

/** @param run Answers milliseconds by what was measured. */
async function best(run, budget) {
  const found = {};
  for (let turn = 0; turn < most; turn++) {
    for (const [what, took] of Object.entries(await run())) found[what] = Math.min(found[what] ?? Infinity, Math.round(took));
    if (Object.values(found).every(took => took <= budget)) break;
  }
  return Object.entries(found).filter(([, took]) => took > budget);
}

/** In the page: from the click until what it leads to is drawn. */
const opens = ({ href, there }) => new Promise(done => {
  const [before, began] = [document.querySelector('h1'), performance.now()];
  document.querySelector(`a[href="${href}"]`).click();
  const look = () => {
    const heading = document.querySelector('h1');
    if (heading && heading !== before && (!there || document.querySelector(there))) requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
    else requestAnimationFrame(look);
  };
  look();
});

export function budgetTests(stack) {
  const { api, visit, signIn, leave } = pagesOf(stack);

  test('On slow 4G and a slow CPU there is something to read within 1.5 s, and the next page within 300 ms', async () => {
    const first = await visit();
    await signIn(first, '/app/nowhere');
    const storageState = await first.context().storageState();
    await leave(first);
    let page;
    const slow = async () => {
      if (page) await leave(page);
      page = await visit({ storageState }); // nothing is cached
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Network.enable');
      await devtools.send('Network.emulateNetworkConditions', line);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
      await page.goto(`${stack().app.origin}/app`);
      await page.waitForSelector('nav.side h1, main h1');
      return { 'first content': await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime) };
    };
    assert.deepEqual(await best(slow, 1500), []);

    await page.waitForSelector('.tile b:text-matches("^[0-9]")', { timeout: 20000 });
    await page.waitForLoadState('networkidle'); // also what other pages need has come
    const changes = async () => {
      const took = {};
      for (const href of ['leads', 'sales', 'journeys', 'messages', 'calendar', 'reports', 'scoring', 'segments', 'live', 'settings', 'audit']) took[href] = await page.evaluate(opens, { href: `/app/${href}` });
      return took;
    };
    assert.deepEqual(await best(changes, 300), []);
    await leave(page);
  });

  test('A map of 50 steps with great counts opens within a second', async () => {
    const steps = Array.from({ length: 25 }, (_, at) => ({ id: `fork-${at}`, type: 'waitFor', when: { event: `Answer ${at}` }, timeout: '5d', then: [{ id: `then-${at}`, type: 'wait', for: '1d' }] }));
    await api('PUT', '/api/journeys/great', { name: 'Great', trigger: { event: 'Great' }, steps });
    await api('POST', '/api/journeys/great/publish');
    const page = await visit();
    await page.route('**/api/journeys/great/stats*', async route => {
      const answer = await route.fetch();
      const step = { here: 123_456, through: 7_654_321, waited: { count: 7_654_321, median: 90_000, exact: true }, skipped: { consent: 98_765, cap: 4_321 }, left: { goal: 54_321, exit: 4_321, failed: 12 } };
      await route.fulfill({ response: answer, json: { ...await answer.json(), entered: 9_876_543, active: 1_234_567, steps: Object.fromEntries(steps.flatMap(({ id, then: [{ id: then }] }) => [[id, step], [then, step]])) } });
    });
    await signIn(page, '/app/journeys');
    const open = async () => {
      await page.click('nav.side >> text=Journeys');
      await page.waitForSelector('a[href="/app/journeys/great"]');
      return { map: await page.evaluate(opens, { href: '/app/journeys/great', there: '.map > li:nth-child(25) .ways .step .leak' }) };
    };
    assert.deepEqual(await best(open, 1000), []);
    assert.equal(await page.locator('.map .step').count(), 50);
    await leave(page);
  });
}
