// Contents as visitors meet them: in a shop's page, as a dialog, by keyboard alone, closed for good.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { userAgent } from './app.mjs';
import { CaptureServer, until } from './harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function onsiteTests(stack) {
  const publish = async (id, document) => {
    const { app } = stack();
    const headers = { Authorization: 'Bearer local-admin-key' };
    const put = await fetch(`${app.origin}/api/content/${id}`, { method: 'PUT', headers, body: JSON.stringify({ name: id, ...document }) });
    assert.ok(put.ok, await put.text());
    assert.ok((await fetch(`${app.origin}/api/content/${id}/publish`, { method: 'POST', headers })).ok);
    await until(async () => (await fetch(`${app.origin}/v1/content?k=local-write-key&slot=${document.slot}`).then(answer => answer.json())).items.length, 'it is shown');
  };

  // Closed shadow roots are open to the test alone.
  const open = async (site, options) => {
    const context = await stack().browser.newContext({ userAgent, ...options });
    await context.addInitScript(() => {
      const attach = Element.prototype.attachShadow;
      window.modes = [];
      Element.prototype.attachShadow = function (init) { window.modes.push(init.mode); return attach.call(this, { mode: 'open' }); };
    });
    const page = await context.newPage();
    page.errors = [];
    page.on('pageerror', error => page.errors.push(String(error)));
    site.key = 'local-write-key';
    site.body = `<main><h1>Shop</h1><button id="mine">Mine</button><div data-lf-slot="hero"></div><script async src="${stack().app.origin}/lf-content.js"></script></main>`;
    await page.goto(site.origin);
    return page;
  };

  test('A content stands in its slot, a pop-up takes the focus and gives it back, and what was closed stays closed', async () => {
    await publish('hero', { slot: 'hero', html: '<p>Welcome <a href="#more">More</a></p>', title: 'Welcome' });
    await publish('pop', { slot: 'popup', kind: 'popup', title: 'Ten percent', html: '<h2>Ten percent</h2><a href="#ten">Yes</a><button data-lf-close>No</button><img src="x" alt="" onerror="window.hacked = 1">' });
    const site = await CaptureServer.start(); // whose tracker reports to itself
    const page = await open(site, { reducedMotion: 'reduce' });
    const focused = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.textContent ?? document.activeElement.id);
    await page.waitForSelector('dialog');
    await until(() => site.named('Content Shown').length === 2, 'both were seen');

    assert.deepEqual(await page.evaluate(() => window.modes), ['closed', 'closed']);
    assert.equal(await page.getByRole('dialog', { name: 'Ten percent' }).count(), 1);
    assert.equal(await focused(), 'Yes');
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`), []);
    await page.keyboard.press('Enter');
    await until(() => site.named('Content Clicked').length === 1, 'the click is told');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    await until(() => site.named('Content Dismissed').length === 1, 'so is the end');
    assert.equal(site.named('Content Clicked')[0].properties.content, 'pop');
    assert.equal(site.named('Content Dismissed')[0].anonymousId, site.named('Content Shown')[0].anonymousId);
    assert.equal(await page.evaluate(() => window.hacked), undefined);

    await page.reload();
    await page.waitForSelector('[data-lf-slot] section');
    await page.waitForTimeout(200);
    assert.equal(await page.locator('dialog').count(), 0, 'it came again');
    assert.deepEqual(page.errors, []);
    await page.context().close();
    await site.stop();
  });

  test('Without consent a page rule shows a content, and neither a request nor the browser keeps who looked', async () => {
    await publish('hero', { slot: 'hero', html: '<p>Welcome</p>', title: 'Welcome' });
    const site = await CaptureServer.start();
    site.attributes = 'data-consent="required"';
    const asked = [];
    const context = await stack().browser.newContext({ userAgent });
    const page = await context.newPage();
    page.on('request', request => request.url().includes('/v1/content') && asked.push(request.url()));
    site.key = 'local-write-key';
    site.body = `<main><div data-lf-slot="hero"></div><script async src="${stack().app.origin}/lf-content.js"></script></main>`;
    await page.goto(site.origin);
    await page.waitForSelector('[data-lf-slot] > div');

    await until(() => asked.length > 0, 'it was asked');
    assert.equal(new URL(asked[0]).searchParams.get('anonymousId'), null);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    assert.equal(site.requests.length, 0);
    await context.close();
    await site.stop();
  });
}
