// What a figure says, draws and opens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness.mjs';
import { pagesOf } from '../pages.mjs';

/** Somebody has to be an MQL by then. */
export function figureTests(stack) {
  const { api, visit, signIn, leave } = pagesOf(stack);

  test('A figure opens exactly the people whom it counts, as it was asked for', async () => {
    await api('PUT', '/api/goals/more', { name: 'More MQLs', metric: 'mqls', target: 1000, baseline: { from: '2025-01-01', to: '2025-01-31' }, from: '2025-02-01', date: '2027-12-31' });
    const page = await visit();
    await signIn(page, '/app/reports');
    await page.waitForSelector('.goals :text("off track")');
    await page.click('.tile:has-text("MQLs")');
    await page.selectOption('.asking select >> nth=0', 'cause');
    await page.waitForSelector('.figures th:text-is("rule")');
    assert.match(page.url(), /by=cause/);

    const counted = Number(await page.textContent('tr:has(th:text-is("rule")) a'));
    assert.ok(counted >= 3);
    await page.click('tr:has(th:text-is("rule")) a');
    await page.waitForSelector('.people a:has-text("Dashboard")');
    const asked = new URL(page.url());
    assert.deepEqual([asked.pathname, asked.searchParams.get('cause')], ['/app/reports/mqls/people', 'rule']);
    assert.equal((await api('GET', `/api/reports/mqls/people${asked.search}`)).count, counted);
    await page.click('text=Back to the figure');
    await page.waitForSelector('button:has-text("cause: rule")');

    // Over time it is drawn, and has a sentence and a table of the same numbers; where they stand is in the address.
    const [to, from] = [0, 130].map(days => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10));
    await page.goto(`${stack().app.origin}/app/reports/mqls?from=${from}&to=${to}&by=month`);
    await until(() => page.evaluate(() => { const canvas = document.querySelector('.plot canvas'); return canvas?.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(part => part > 0); }), 'lines are drawn');
    const { rows } = await api('GET', `/api/reports/mqls?from=${from}&to=${to}&by=month`);
    const said = await page.textContent('.figures figcaption');
    assert.match(said, new RegExp(`From 0 \\(.*\\) to ${rows.at(-1).value} \\(.*\\); highest: ${Math.max(...rows.map(row => row.value))} `));
    assert.match(said, /Hatched: may still change/);
    assert.equal(await page.locator('.figures tbody tr >> visible=true').count(), 0);
    await page.click('summary:has-text("Show the table")');
    await page.waitForURL(/show=table/);
    assert.deepEqual(await page.$$eval('.figures tbody tr', all => all.map(row => Number(row.querySelector('td.number').firstChild.textContent))), rows.map(row => row.value));
    await page.click('nav.side >> text=Home');
    await page.goBack();
    await page.waitForSelector('.figures tbody tr');
    await leave(page);
  });
}
