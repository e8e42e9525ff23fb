import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, userAgent } from './app.mjs';
import { dashboardTests } from './dashboard.mjs';
import { budgetTests } from './dashboard/budgets.mjs';
import { campaignTests } from './dashboard/campaigns.mjs';
import { figureTests } from './dashboard/figures.mjs';
import { deployed, newcomerTests } from './dashboard/newcomer.mjs';
import { questionTests } from './dashboard/questions.mjs';
import { roleTests } from './dashboard/roles.mjs';
import { editorTests } from './editor.mjs';
import { formTests } from './forms.mjs';
import { CaptureServer, openBrowser, until } from './harness.mjs';
import { liveTests } from './live.mjs';
import { markTests } from './marks.mjs';
import { onsiteTests } from './onsite.mjs';
import { pushTests, vapid } from './push.mjs';

let app, browser, settings, site;

before(async () => {
  site = await CaptureServer.start(); // the app is told that it is one of ours
  settings = [`LeadFunctions__Feedback__LinkBrowsers=${site.origin}`, ...vapid.settings];
  [app, browser] = await Promise.all([App.startIn(deployed.environment, ...deployed.settings), openBrowser()]);
});
after(async () => { await browser?.close(); await app?.stop(); await site?.stop(); });

newcomerTests(() => ({ app, browser }));

test('What a deployed app wrote serves a developer’s machine, which has a demo', async () => {
  await app.end();
  await app.run({}, ...settings);
  assert.equal((await fetch(`${app.origin}/demo`)).status, 200);
});

async function visit() {
  const context = await browser.newContext({ userAgent, viewport: { width: 1300, height: 900 } });
  const errors = [];
  context.on('weberror', error => errors.push(String(error.error())));
  const page = await context.newPage();
  await page.goto(`${app.origin}/demo`);
  return { context, page, errors };
}

const rows = page => page.$$eval('#lead tbody tr', all => all.map(row => row.querySelector('th').textContent));
const scores = page => page.$$eval('#lead output', all => all.map(output => Number(output.textContent)));
const shows = (page, condition, what) => until(async () => condition(await scores(page), await rows(page)), what, 30000)
  .catch(async error => { throw new Error(`${error.message}; the panel shows ${await page.textContent('#lead')}`); });

test('A visitor of the demo sees the own lead and its score change with every step', async () => {
  const { context, page, errors } = await visit();
  await page.click('nav >> text=Pricing');
  await shows(page, ([engagement], rules) => engagement > 9.9 && rules.join() === 'pricing', 'points for the prices');
  assert.match(await page.textContent('#lead .facts'), /anonymous/);

  await page.click('nav >> text=Plants');
  await page.click('main >> text=Monstera');
  await page.click('text=Add to cart');
  await shows(page, ([engagement], rules) => engagement > 29.9 && ['cart', 'pricing', 'product'].every(rule => rules.includes(rule)), 'points for the plant and the cart');

  await page.click('nav >> text=Cart');
  await page.click('text=Check out');
  await page.fill('#order [name=name]', 'Ann Lee');
  await page.fill('#order [name=email]', 'ann@acme.example');
  await page.fill('#order [name=company]', 'Acme');
  await page.click('text=Order for €89');
  await shows(page, ([engagement, fit], rules) => engagement > 79.9 && fit === 80 && rules.includes('market') && rules.includes('size'), 'points for the order, and the fit');
  assert.match(await page.textContent('#lead .facts'), /ann@acme\.example/);
  assert.match(await page.textContent('#lead .scores'), /grade A/);

  await page.click('nav >> text=Careers');
  await shows(page, ([engagement], rules) => engagement < 61 && rules.includes('careers'), 'points off for the job offers');

  await page.fill('#lf-email', 'ann@acme.example');
  await page.check('#lf-letters');
  await page.getByRole('button', { name: 'Subscribe' }).click();
  await until(async () => /Form Submitted\s+newsletter/.test(await page.textContent('#lead')), 'the newsletter form in the timeline', 30000);

  const lead = await app.findLead('email=ann@acme.example');
  const { contributions, engagement } = await app.get(`/api/leads/${lead.id}/score`);
  assert.equal(contributions.reduce((sum, { now }) => sum + Math.round(now * 100), 0), Math.round(engagement * 100));
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/demo.png` });
  assert.deepEqual(errors, []);
  await context.close();
});

test('A page of the demo opens by its address, goes back, and a new visitor starts anew', async () => {
  const { context, page, errors } = await visit();
  await page.goto(`${app.origin}/demo/products/p2`);
  assert.equal(await page.textContent('h1'), 'Snake plant');
  await page.click('text=All plants');
  await page.goBack();
  assert.equal(await page.textContent('h1'), 'Snake plant');
  await page.goto(`${app.origin}/demo/constructor`);
  assert.equal(await page.textContent('h1'), 'Not found');
  await shows(page, ([engagement]) => engagement > 4.9, 'points for the plant');
  await page.click('#new-visitor');
  await page.waitForURL(`${app.origin}/demo`);
  await shows(page, ([engagement]) => engagement === 0, 'a lead without points');

  assert.equal((await fetch(`${app.origin}/demo/missing.js`)).status, 404);
  assert.equal((await fetch(`${app.origin}/demo/..%2findex.js`)).status, 404);
  assert.equal((await fetch(`${app.origin}/demo/api/me?anonymousId=nobody`)).status, 404);
  assert.deepEqual(errors, []);
  await context.close();
});

formTests(() => ({ app, browser }));
onsiteTests(() => ({ app, browser }));
dashboardTests(() => ({ app, browser }));
figureTests(() => ({ app, browser }));
campaignTests(() => ({ app, browser }));
pushTests(() => ({ app, browser, site }));
liveTests(() => ({ app, browser, site }));
markTests(() => ({ app, browser, site }));
editorTests(() => ({ app, browser, settings }));
roleTests(() => ({ app, browser }));
questionTests(() => ({ app, browser }));
budgetTests(() => ({ app, browser }));

test('A deployed app has a tracker and no demo', async () => {
  await app.end();
  await app.run(deployed.environment, ...deployed.settings);

  for (const path of ['/demo', '/demo/pricing', '/demo/shop.js', '/demo/api/me?anonymousId=a1'])
    assert.equal((await fetch(app.origin + path)).status, 404, path);
  assert.equal((await fetch(`${app.origin}/lf.js`)).status, 200);
  const seen = await (await fetch(`${app.origin}/api/seen`, { headers: { Authorization: `Bearer ${deployed.key}` } })).json();
  assert.ok(seen.events.find(({ name }) => name === 'page').properties.some(({ name }) => name === 'path'), 'what the app before has seen, it wrote down as it ended');
});
