// A click in a mail, up to the browser that it was made in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userAgent } from './app.mjs';
import { until } from './harness.mjs';

export function markTests(stack) {
  test('A click in a mail tells whose browser it is, its address is clean at once, and passed on it tells nothing', async () => {
    const { app, browser, site } = stack();
    site.collectOrigin = app.origin;
    site.key = 'local-write-key';
    site.body = '';
    const { leadId } = await app.send('POST', '/api/leads', { traits: { email: 'mila@marks.example' }, how: 'by telephone' });
    await app.send('POST', '/local/settle');
    await app.send('PUT', '/api/templates/marks', { name: 'Marks', subject: 'Hello', html: `<p><a href="${site.origin}/landing?a=1">Look</a></p>` });
    await app.send('POST', '/api/templates/marks/publish');
    await app.send('POST', '/api/campaigns', { name: 'Marks', leadIds: [leadId], template: 'marks', service: true });
    await app.send('POST', '/local/settle');
    const [mail] = (await app.get('/api/outbox?template=marks')).items;
    const [, link] = /href="([^"]+\/e\/c\/[^"]+)"/.exec(mail.html);
    await app.send('POST', '/local/clock', { advance: '1h' }); // nobody reads a mail in the second in which it comes

    const visit = async url => {
      const context = await browser.newContext({ userAgent, locale: 'en-GB' });
      const page = await context.newPage();
      let led;
      page.on('response', answer => { led ??= answer.headers().location; });
      await page.goto(url);
      const { anonymousId } = await page.evaluate(() => new Promise(resolve => lf('ready', resolve)));
      return { anonymousId, led, address: page.url(), close: () => context.close() };
    };
    const mila = await visit(link);
    assert.match(mila.led, /\/landing\?a=1#lf_t=/);
    assert.equal(mila.address, `${site.origin}/landing?a=1`);
    await until(async () => (await app.findLead(`anonymousId=${mila.anonymousId}`))?.id === leadId, 'the browser is hers', 30000);

    const other = await visit(mila.led);
    await app.timeline(`anonymousId=${other.anonymousId}`, 1);
    await app.send('POST', '/local/settle');
    assert.notEqual((await app.findLead(`anonymousId=${other.anonymousId}`)).id, leadId);
    assert.equal(other.address, `${site.origin}/landing?a=1`);
    await Promise.all([mila.close(), other.close()]);
  });
}
