// One message to many, made on the page: nobody gets it whom the page did not show first, and nobody twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness.mjs';
import { pagesOf } from '../pages.mjs';

export function campaignTests(stack) {
  const { api, visit, signIn, leave } = pagesOf(stack);
  const named = async name => (await api('GET', '/api/campaigns')).items.filter(one => one.name === name);

  test('A campaign is sent to whom the page showed, once though its answer was lost, and each change of it says first whom it concerns', async () => {
    await api('POST', '/api/leads', { traits: { name: 'Cam Paign', email: 'cam@campaign.example', plan: 'spring' }, how: 'by telephone' });
    await api('PUT', '/api/segments/spring', { name: 'Spring people', when: { trait: 'plan', equals: 'spring' } });
    await api('POST', '/api/segments/spring/publish');
    for (const [id, name] of [['spring', 'Spring sale'], ['summer', 'Summer sale']]) {
      await api('PUT', `/api/templates/${id}`, { name, subject: 'Sale', html: '<p>It is on.</p>' });
      await api('POST', `/api/templates/${id}/publish`);
    }
    await api('POST', '/local/settle');
    const page = await visit();
    await signIn(page, '/app/messages?part=campaigns');
    await page.waitForSelector('.samples');
    if (!await page.$eval('.samples', details => details.open)) await page.click('.samples summary');
    const fill = async name => {
      await page.fill('.send-many input >> nth=0', name);
      await page.selectOption('.send-many select >> nth=0', 'spring');
      await page.selectOption('.send-many select >> nth=1', 'spring');
      await page.selectOption('.send-many select >> nth=2', ' service');
    };

    await fill('Sale');
    await page.selectOption('.send-many select >> nth=1', 'summer');
    assert.equal(await page.$eval('.send-many select >> nth=2', select => select.value), '', 'what another template was about does not stay');
    await page.selectOption('.send-many select >> nth=1', 'spring');
    await page.selectOption('.send-many select >> nth=2', ' service');
    await page.click('text=Show whom it reaches');
    await page.waitForSelector('dialog :text("Spring sale")');
    assert.match(await page.textContent('dialog'), /Spring people.*1 gets it/s);
    assert.deepEqual(await named('Sale'), []);

    let asked = 0;
    await page.route(url => url.pathname === '/api/campaigns' && !url.search, async route => {
      if (route.request().method() !== 'POST' || asked++ > 0) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.click('dialog .primary');
    await page.waitForSelector('dialog .problem-text:not(:empty)');
    await page.click('dialog .primary');
    await page.waitForSelector('[role=status]:has-text("is on its way")');
    assert.equal(asked, 2);
    assert.deepEqual(page.faults.splice(0), ['Failed to load resource: net::ERR_FAILED'], 'the answer that was lost');
    await api('POST', '/local/settle');
    assert.deepEqual((await named('Sale')).map(one => [one.status, one.sent]), [['done', 1]]);
    assert.equal((await api('GET', '/api/outbox?template=spring')).items.length, 1);

    await page.reload();
    await page.click('li:has(b:text-is("Sale")) .counts a >> nth=1');
    await page.waitForSelector('.people a:has-text("Cam Paign")');
    await page.goBack();

    // One that waits for its day.
    await page.waitForSelector('.samples');
    if (!await page.$eval('.samples', details => details.open)) await page.click('.samples summary');
    await fill('Later');
    const { now } = await api('GET', '/api/clock');
    await page.fill('.send-many input[type=datetime-local]', new Date(Date.parse(now) + 3 * 86_400_000).toISOString().slice(0, 16));
    await page.click('text=Show whom it reaches');
    await page.click('dialog .primary');
    await page.waitForSelector('[role=status]:has-text("is planned for")');
    const action = name => page.click(`li:has(b:text-is("Later")) button:has-text("${name}")`);
    await action('Pause');
    await action('Resume');
    await page.click('dialog button:has-text("Resume: send to 1 person")');
    await until(async () => (await named('Later'))[0].status === 'scheduled', 'it goes on');
    await action('Cancel');
    await page.click('dialog button:has-text("Cancel for 1 person")');
    await until(async () => (await named('Later'))[0].status === 'cancelled', 'it is called off');
    await leave(page);
  });
}
