// From nothing to the first accepted lead, by nothing but what the pages show: in a deployed app, where nothing is there before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Proxy, userAgent } from '../app.mjs';
import { until } from '../harness.mjs';
import { pagesOf } from '../pages.mjs';

/** As a deployed app is set up. */
export const deployed = {
  key: 'Jm2Zq0b8K4n1x7Tt5Vw9',
  environment: { AZURE_FUNCTIONS_ENVIRONMENT: 'Production' },
  settings: ['LeadFunctions__AdminKey=Jm2Zq0b8K4n1x7Tt5Vw9', 'LeadFunctions__WriteKey=Jm2Zq0b8K4n1x7Tt5Vw9w', 'LeadFunctions__Clock=real']
};

export function newcomerTests(stack) {
  const { visit, signIn, leave } = pagesOf(stack);

  test('A newcomer comes from nothing to a lead that sales accepts, by what the pages show', async test => {
    const { app, browser } = stack();
    const site = await Proxy.start(app); // pages of theirs are served there
    test.after(() => site.stop());
    const page = await visit();
    await signIn(page, '/app', deployed.key);
    const steps = async (...done) => until(async () => JSON.stringify(await page.$$eval('.begin .tick', all => all.map(tick => tick.classList.contains('done')))) === JSON.stringify(done), `of the three steps ${done} are done`, 20000);
    await steps(false, false, false);

    // The snippet, with a key of its own.
    await page.click('.begin li:nth-child(1) a');
    await page.click('button:has-text("Make a write key")');
    await page.waitForSelector('pre:has-text("lfw_")');
    const snippet = await page.textContent('pre');
    await page.waitForSelector('.ribbon:has-text("Waiting for the first event")', { timeout: 20000 });

    // Their site has it in its pages, as it is shown, and somebody comes.
    const context = await browser.newContext({ userAgent, locale: 'en-GB' });
    site.pages.set('/pricing', { content: `<!doctype html><html lang="en"><head><title>Prices</title>${snippet}</head><body></body></html>` });
    const shop = await context.newPage();
    await until(async () => { // a key is known everywhere within five seconds
      await shop.goto(`${site.origin}/pricing`);
      return page.waitForSelector(`.ribbon.good:has-text("received “Page” from ${site.origin}/pricing")`, { timeout: 3000 }).catch(() => false);
    }, 'the first event', 30000);

    // A model that is theirs, from the sample.
    await page.click('.brand');
    await steps(true, true, false);
    await page.click('.begin li:nth-child(3) a');
    await page.click('button:has-text("Start from the sample")');
    await page.click('button:has-text("Publish…")');
    await page.click('dialog .primary:enabled');
    await page.waitForSelector('dialog >> text=is live');
    await page.click('dialog >> text=Close');
    await page.click('.brand');
    await steps(true, true, true);

    // Whoever came says who they are, and wants things: the model gives points for that, and sales is told.
    await shop.evaluate(() => {
      lf('identify', 'nina', { name: 'Nina New', email: 'nina@new.example', country: 'PL', company: { name: 'New', employees: 80 } });
      for (const productId of ['p1', 'p2', 'p3']) lf('track', 'Product Added', { productId });
    });
    await page.waitForSelector('.tile[href="/app/sales"]', { timeout: 30000 }); // Home has somebody to tell of
    await until(async () => await page.waitForSelector('.tile[href="/app/sales"] b:text-is("1")', { timeout: 3000 }).catch(() => false) || (await page.reload(), false), 'Home says that somebody waits for sales', 30000);
    await page.click('nav.side >> text=Settings');
    await page.fill('form input', 'Sam');
    await page.selectOption('form select', 'sales');
    await page.click('form button');
    const key = await page.textContent('.settings code');
    await page.click('text=Sign out');

    await page.fill('#key', key);
    await page.keyboard.press('Enter');
    await page.click('.tile[href="/app/sales"]');
    await page.waitForSelector('.open-lead:has-text("Nina New"):has-text("MQL"):has-text("nina@new.example")');
    await page.click('.decisions .primary');
    await page.waitForSelector('.notice :text("Nina New is accepted")');
    await page.click('text=Sign out');
    await page.waitForSelector('#key');
    const ask = async path => (await fetch(app.origin + path, { headers: { Authorization: `Bearer ${deployed.key}` } })).json();
    const { items: [{ id }] } = await ask('/api/leads?q=nina');
    const { stays } = await until(async () => {
      const stages = await ask(`/api/leads/${id}/stages`);
      return stages.stays.at(-1).stage === 'sal' && stages;
    }, 'Nina is accepted', 20000);
    assert.equal(stays.at(-1).by, 'Sam');
    await context.close();
    await leave(page);
  });
}
