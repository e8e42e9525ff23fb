// From the snippet to the first event, a refused site let in, and the stream of what comes in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userAgent } from './app.mjs';
import { until } from './harness.mjs';
import { pagesOf } from './pages.mjs';

export function liveTests(stack) {
  const { api, visit, signIn, leave } = pagesOf(stack);

  test('A newcomer makes a key, sees the site refused, lets it in, and sees its first event; an old one proves nothing', async () => {
    const { app, browser, site } = stack();
    await api('PUT', '/api/sources/live-shop', { name: 'Live shop', allowedOrigins: ['https://elsewhere.example'] });
    const page = await visit();
    await signIn(page, '/app/live/install?source=live-shop');
    await page.click('button:has-text("Make a write key")');
    await page.waitForSelector('pre:has-text("lfw_")');
    const [, key] = /data-key="(lfw_[^"]+)"/.exec(await page.textContent('pre'));
    await page.waitForSelector('.ribbon:has-text("Waiting for the first event")', { timeout: 20000 });

    Object.assign(site, { collectOrigin: app.origin, key, body: '' });
    const context = await browser.newContext({ userAgent, locale: 'en-GB' });
    const shop = await context.newPage();
    await shop.goto(`${site.origin}/landing?email=nobody@live.example`);
    await page.waitForSelector(`.arrivals li:has-text("refused: ${site.origin}")`, { timeout: 20000 });
    assert.equal(await page.locator('.ribbon.good').count(), 0);
    await page.click(`button:has-text("Allow ${site.origin}")`);
    await page.waitForSelector(':text("Allowed from now on")');
    assert.deepEqual((await api('GET', '/api/sources/live-shop')).allowedOrigins, ['https://elsewhere.example', site.origin]);

    await until(async () => {
      await shop.reload();
      return page.waitForSelector(`.ribbon.good:has-text("received “Page” from ${site.origin}/landing.")`, { timeout: 5000 }).catch(() => false);
    }, 'the first event', 30000);
    await page.waitForSelector('.arrivals a:has-text("Lead")');
    assert.doesNotMatch(await page.textContent('main'), /nobody@live/);

    await page.reload();
    await page.waitForSelector('.ribbon:has-text("Waiting for the first event")', { timeout: 20000 });
    assert.equal(await page.locator('.arrivals li').count(), 0);
    await context.close();
    await leave(page);
  });

  test('The stream shows what becomes of an event, is walked by keyboard, and holds still while somebody reads', async () => {
    const { key } = await api('POST', '/api/keys', { name: 'Rea', scopes: ['read'] });
    const send = event => fetch(`${stack().app.origin}/v1/track`, { method: 'POST', headers: { Authorization: `Basic ${btoa('local-write-key:')}` }, body: JSON.stringify({ userId: 'live-ann', event }) });
    const page = await visit();
    await signIn(page, '/app/live?name=live', key);
    await page.waitForSelector('.live[aria-busy=false]');
    await send('Live one');
    await page.waitForSelector('.live li:has-text("Live one"):has-text("applied") a:has-text("live-ann")', { timeout: 20000 });
    await page.keyboard.press('p');
    await page.waitForURL(/paused=yes/);
    await send('Live two');
    await page.waitForSelector('.held:has-text("1 new event")', { timeout: 20000 });
    assert.equal(await page.locator('.live li').count(), 1);
    await page.keyboard.press('p');
    await page.waitForSelector('.live li:has-text("Live two")');

    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.live li:nth-child(2) details[open] dt:has-text("Applied after")');
    await page.fill('input[type=search]', 'one');
    await page.keyboard.press('Enter');
    await page.waitForURL(/name=one/);
    await until(async () => await page.locator('.live li').count() === 1, 'only what was asked for');

    // Held, another question is answered all the same; and what is being written stays while the stream goes on.
    await page.click('button:has-text("Pause")');
    const name = page.locator('input[type=search]');
    await name.fill('');
    await name.pressSequentially('two', { delay: 800 });
    await page.waitForURL(/name=two/);
    assert.equal(await name.inputValue(), 'two');
    await page.waitForSelector('.live li:has-text("Live two")');
    assert.equal(await page.locator('.live li').count(), 1);
    await page.click('.live a:has-text("live-ann")');
    await page.waitForSelector('h1:has-text("live-ann")');
    assert.match(page.url(), /\/app\/leads\//);
    await leave(page);
  });
}
