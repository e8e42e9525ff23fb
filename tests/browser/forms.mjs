// Forms as people meet them: on their own page without a script, in a shop's page with one, by keyboard alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { userAgent } from './app.mjs';
import { CaptureServer, until } from './harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const everything = {
  name: 'Everything', title: 'Everything', text: 'See [here](https://example.com).', redirect: undefined, honeypot: 'website', minimumSeconds: 0,
  fields: [
    { type: 'text', name: 'name', label: 'Name', trait: 'name', required: true, help: 'As on your card.' },
    { type: 'email', name: 'email', label: 'E-mail', required: true },
    { type: 'tel', name: 'phone', label: 'Telephone' },
    { type: 'number', name: 'people', label: 'People', min: 1 },
    { type: 'select', name: 'country', label: 'Country', options: ['SI', 'PL'] },
    { type: 'multiselect', name: 'about', label: 'About', options: ['Plants', 'Care'] },
    { type: 'date', name: 'start', label: 'Start' },
    { type: 'text', name: 'message', label: 'Message', multiline: true },
    { type: 'checkbox', name: 'urgent', label: 'Urgent' },
    { type: 'consent', name: 'agree', text: 'You may [write to me](https://example.com/privacy).', topics: ['news'], required: true }
  ]
};

export function formTests(stack) {
  const publish = async (id, document) => {
    const { app } = stack();
    const headers = { Authorization: 'Bearer local-admin-key' };
    const put = await fetch(`${app.origin}/api/forms/${id}`, { method: 'PUT', headers, body: JSON.stringify(document) });
    assert.ok(put.ok, await put.text());
    assert.ok((await fetch(`${app.origin}/api/forms/${id}/publish`, { method: 'POST', headers })).ok);
    await until(async () => (await fetch(`${app.origin}/f/${id}`)).ok, 'the form is shown');
  };
  const open = async options => {
    const context = await stack().browser.newContext({ userAgent, locale: 'en-GB', viewport: { width: 360, height: 740 }, ...options });
    const page = await context.newPage();
    page.errors = [];
    page.on('pageerror', error => page.errors.push(String(error)));
    page.on('console', message => message.type() === 'error' && !/status of 4/.test(message.text()) && page.errors.push(message.text()));
    return page;
  };
  // The checker comes in beside the page's own policy, which forbids every script.
  const assertAccessible = async page => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`), []);
  };
  const assertFits = async page => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it is wider than the window');

  test('A form works without a script: errors beside what was typed, then it is received', async () => {
    await publish('everything', everything);
    const page = await open({ javaScriptEnabled: false });
    await page.goto(`${stack().app.origin}/f/everything`);
    await page.$eval('form', form => form.setAttribute('novalidate', '')); // as an old browser would
    await page.fill('#lf-name', '"><b>Ann');
    await page.fill('#lf-email', 'nobody');
    await page.click('text=Send');

    assert.match(await page.textContent('.wrong'), /E-mail: This is not an e-mail address.*This needs your consent/s);
    assert.equal(await page.inputValue('#lf-name'), '"><b>Ann');
    assert.equal(await page.$eval('.wrong', summary => summary === summary.ownerDocument.activeElement), true);
    await page.click('.wrong a');
    assert.equal(await page.$eval('#lf-email', field => field === field.ownerDocument.activeElement), true);

    await page.fill('#lf-email', 'no.script@example.com');
    await page.check('#lf-agree');
    await page.click('text=Send');
    assert.match(await page.textContent('[role=status]'), /We have received it/);
    const names = (await stack().app.timeline('email=no.script@example.com', 3)).map(({ name }) => name);
    assert.ok(['identify', 'Form Submitted', 'Consent Changed'].every(name => names.includes(name)), names.join());
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });

  test('Its page is accessible and fits, small and large, light and dark, empty and with errors', async () => {
    await publish('everything', everything);
    for (const [width, colorScheme] of [[360, 'light'], [1200, 'dark']]) {
      const page = await open({ viewport: { width, height: 800 }, colorScheme });
      await page.goto(`${stack().app.origin}/f/everything`);
      await assertAccessible(page);
      await assertFits(page);
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/form-${width}.png`, fullPage: true });
      await page.$eval('form', form => form.setAttribute('novalidate', ''));
      await page.fill('#lf-phone', '1');
      await page.click('text=Send');
      await page.waitForSelector('.wrong');
      await assertAccessible(page);
      await assertFits(page);
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/form-${width}-errors.png`, fullPage: true });
      assert.deepEqual(page.errors, []);
      await page.context().close();
    }
  });

  test('By keyboard alone a form is filled in and sent, in a page of another site, as the visitor that the site knows', async () => {
    const { app } = stack();
    await publish('everything', everything);
    const site = await CaptureServer.start(); // whose tracker reports to itself
    const page = await open();
    site.body = `<main><h1>Shop</h1><script src="${app.origin}/f/everything.js"></script></main>`;
    await page.goto(site.origin);
    await page.waitForSelector('#lf-email');
    await assertAccessible(page);
    const { anonymousId } = await page.evaluate(() => new Promise(resolve => window.lf('ready', resolve)));

    await page.focus('#lf-name');
    await page.keyboard.type('Kay');
    await page.keyboard.press('Tab');
    await page.keyboard.type('kay@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type('12');
    await page.focus('#lf-agree');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab'); // its link
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.wrong');
    assert.match(await page.evaluate(() => document.querySelector('main > div').shadowRoot.activeElement.textContent), /Telephone/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // the first error
    assert.equal(await page.evaluate(() => document.querySelector('main > div').shadowRoot.activeElement.id), 'lf-phone');
    assert.equal(await page.inputValue('#lf-name'), 'Kay');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('+386 40 123 456');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=status]');
    await assertAccessible(page);

    const timeline = await app.timeline('email=kay@example.com', 3);
    assert.equal((await app.findLead('email=kay@example.com')).id, (await app.findLead(`anonymousId=${anonymousId}`)).id);
    const { properties } = timeline.find(({ name }) => name === 'Form Submitted');
    assert.equal(properties.page, `${site.origin}/`);
    assert.equal(properties.fields.phone, '+38640123456');
    assert.equal(site.named('Form Submitted').length, 0, 'the tracker saw it too');
    assert.deepEqual(page.errors, []);
    await page.context().close();
    await site.stop();
  });

  test('A site that a form is not for sees nothing of it and breaks in nothing', async () => {
    const { app } = stack();
    await publish('elsewhere', { ...everything, origins: ['https://shop.example'] });
    const site = await CaptureServer.start();
    const page = await open();
    site.body = `<main><script src="${app.origin}/f/elsewhere.js"></script></main>`;
    site.head = `<script>addEventListener('lf:failed', () => { window.failed = true; })</script>`;
    await page.goto(site.origin);
    await page.waitForFunction(() => window.failed);

    assert.equal(await page.$('#lf-email'), null);
    assert.equal((await fetch(`${app.origin}/f/elsewhere`, { method: 'POST', headers: { Origin: site.origin, 'Content-Type': 'application/json' }, body: '{}' })).status, 403);
    await page.context().close();
    await site.stop();
  });
}
