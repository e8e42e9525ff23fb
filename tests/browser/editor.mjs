// The editor as marketers use it: text and form of one document, mistakes at their places, versions, and others who are quicker.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './harness.mjs';
import { pagesOf } from './pages.mjs';

const segment = (name, operator = 'startsWith') => JSON.stringify({ name, when: { all: [{ event: 'page', where: { path: { [operator]: '/pricing' } }, count: { gte: 2 }, within: '14d' }, { trait: 'email', exists: true }] } }, null, 2);

export function editorTests(stack) {
  const { api, visit, signIn, leave, areClean } = pagesOf(stack);
  const write = async (page, text) => {
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
  };
  const says = (page, text) => page.waitForSelector(`.actions [role=status]:has-text("${text}")`);

  test('A marketer writes a segment: mistakes are at their places and put right by a click, saved, published, compared and restored', async () => {
    const page = await visit();
    await signIn(page, '/app/rules/segments');
    await page.click('button:has-text("New")');
    await page.fill('#new-id', 'browser warm');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.bar');
    assert.equal(new URL(page.url()).pathname, '/app/rules/segments/browser-warm');
    await page.click('.tabs >> text=Code');
    await page.waitForSelector('.cm-content');

    await write(page, segment('Browser warm', 'startWith'));
    await page.waitForSelector('.problems .path:has-text("startWith")');
    const marked = await page.locator('.cm-lintRange-error').first().evaluate(mark => mark.closest('.cm-line').textContent);
    assert.match(marked, /"startWith"/);
    await page.click('.problems >> text=Write “startsWith”');
    await says(page, 'Nothing is wrong');
    assert.equal((await fetch(`${stack().app.origin}/api/segments/browser-warm`, { headers: { Authorization: 'Bearer local-admin-key' } })).status, 404); // nothing is stored by checking
    await page.fill('.note input', 'First of all');
    await page.click('text=Save draft');
    await says(page, 'Version 1 is saved');

    // What was typed is there again, even when the server was away.
    await write(page, segment('Browser warmer'));
    await says(page, 'Nothing is wrong');
    await page.route('**/api/segments/**', route => route.abort());
    await write(page, segment('Browser warmest'));
    await page.waitForSelector('.failure');
    await page.unroute('**/api/segments/**');
    page.faults.splice(0, page.faults.length, ...page.faults.filter(fault => !/ERR_FAILED/.test(fault)));
    await page.reload();
    await page.waitForSelector('.ribbon >> text=not saved');
    await page.waitForSelector('h1:has-text("Browser warmest")');

    await page.click('text=Publish…'); // saves first
    await page.waitForSelector('dialog >> text=Counted among');
    await page.click('dialog .primary');
    await page.waitForSelector('dialog >> text=Browser warmest is live');
    await page.click('dialog >> text=Close');
    await page.waitForSelector('.title .stage:has-text("live")');
    assert.equal((await api('GET', '/api/segments/browser-warm')).document.name, 'Browser warmest');

    await page.click('.tabs >> text=Versions');
    await page.waitForSelector('.versions li:nth-child(2)');
    assert.match(await page.textContent('.versions li:nth-child(2)'), /1\s*draft\s*First of all.*Setting/);
    await page.click('.versions li:nth-child(2) >> text=Compare');
    await page.waitForSelector('.sheet .cm-mergeView .cm-changedText');
    await page.click('.versions li:nth-child(2) >> text=Restore as draft');
    await until(async () => (await api('GET', '/api/segments/browser-warm/versions')).items[0].note === 'Version 1 again', 'version 1 is back as a draft');
    await page.waitForSelector('h1:has-text("Browser warm")');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('browser war');
    await page.waitForSelector('[role=option]:has-text("Segments")');
    await leave(page);
  });

  test('If somebody else saved meanwhile both texts are shown, and mine can be kept', async () => {
    const page = await visit();
    await api('PUT', '/api/segments/browser-both', JSON.parse(segment('Both')));
    await signIn(page, '/app/rules/segments/browser-both?view=code');
    await page.waitForSelector('.cm-content');
    await api('PUT', '/api/segments/browser-both', JSON.parse(segment('Theirs')));
    await write(page, segment('Mine'));
    await page.waitForSelector('button:has-text("Save draft"):enabled');
    await page.keyboard.press('Control+s');
    await page.waitForSelector('.conflict');
    await page.waitForSelector('.conflict .cm-deletedChunk:has-text("Theirs")');
    await page.click('text=Keep all of mine');
    await page.waitForSelector('.bar');
    await page.click('button:has-text("Save draft"):enabled');
    await until(async () => (await api('GET', '/api/segments/browser-both')).document.name === 'Mine', 'mine is saved');
    assert.equal((await api('GET', '/api/segments/browser-both')).latest, 3);
    await leave(page);
  });

  test('A form shows rules as sentences, and changes what was changed alone', async () => {
    const { document } = await api('GET', '/api/scoring-models/shop');
    await api('PUT', '/api/scoring-models/browser', document);
    const page = await visit();
    await signIn(page, '/app/rules/scoring-models/browser');
    await page.waitForSelector('.items summary:has-text("+10 points · Page, path begins with “/pricing” · half gone after 14 days")');
    await page.click('.items summary:has-text("pricing")');
    const points = page.locator('.items details[open] .field:has(> label:text-matches("^points")) input');
    await points.fill('12');
    await says(page, 'Nothing is wrong');
    await points.fill('nothing');
    assert.equal(await points.getAttribute('aria-invalid'), 'true');
    await points.fill('11');
    await page.click('button:has-text("Save draft"):enabled');
    await says(page, 'Version 2 is saved');
    const changed = structuredClone(document);
    changed.engagement.rules.find(rule => rule.id === 'pricing').points = 11;
    assert.equal(JSON.stringify((await api('GET', '/api/scoring-models/browser')).document), JSON.stringify(changed));
    await leave(page);
  });

  test('Who may not edit is offered nothing to edit with, and every page of rules is accessible', async () => {
    const { key } = await api('POST', '/api/keys', { name: 'Sally', scopes: ['sales'] });
    const page = await visit();
    await signIn(page, '/app/rules/segments/browser-warm', key);
    await page.waitForSelector('.form');
    assert.equal(await page.locator('text=Save draft').count() + await page.locator('text=Publish…').count() + await page.locator('.form :is(input, select, textarea):enabled').count(), 0);
    const refused = await page.evaluate(() => fetch('/api/segments/browser-warm', { method: 'PUT', body: '{}', headers: { 'X-LeadFunctions': 'dashboard' } }).then(answer => answer.status));
    assert.equal(refused, 403);
    await leave(page);

    const admin = await visit();
    await signIn(admin);
    await areClean(admin, {
      '/app/rules/segments': '[data-row]', '/app/rules/scoring-models/browser': '.items', '/app/rules/segments/browser-warm': '.condition', '/app/rules/segments/browser-warm?view=code': '.cm-content',
      '/app/rules/segments/browser-warm?view=versions&compare=1': '.versions', '/app/rules/lifecycle': '.form', '/app/audit': '.audit .card'
    });
    await leave(admin);
  });
}
