// The dashboard as people use it: signed in by key, looked at in light and dark, decided in by keyboard, and on a phone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readApi } from '../../web/dashboard/api-types.mjs';
import { until } from './harness.mjs';
import { crowded, speakLonger } from './dashboard/layout.mjs';
import { pagesOf } from './pages.mjs';

const people = ['Ada Dashboard', 'Bo Dashboard', 'Cy Dashboard'];

export function dashboardTests(stack) {
  const { api, visit, signIn, leave, areClean, isClean, isCleanOpen } = pagesOf(stack);
  const stageOf = async name => (await api('GET', `/api/leads?q=${encodeURIComponent(name)}`)).items[0]?.stage;

  test('The dashboard begins with few bytes, asks for a key, and keeps none', async () => {
    const page = await visit();
    await page.goto(`${stack().app.origin}/app`);
    await page.fill('#key', 'wrong-key');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=alert]:has-text("not known")');

    const sizes = await Promise.all(page.requests.filter(request => new URL(request.url()).pathname.startsWith('/app')).map(async request => (await request.sizes()).responseBodySize));
    assert.ok(sizes.length <= 8 && sizes.reduce((sum, size) => sum + size, 0) <= 60 * 1024, `${sizes.length} requests, ${sizes}`);
    const compressed = await page.requests.find(request => request.url().endsWith('.js')).response();
    assert.equal(compressed.headers()['content-encoding'], 'br');

    await page.fill('#key', 'local-admin-key');
    await page.keyboard.press('Enter');
    await page.waitForSelector('nav.side');
    const [cookie] = await page.context().cookies(`${stack().app.origin}/api/me`);
    assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite], ['lf-session', true, 'Strict']);
    assert.equal(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])), '[{},{},""]');
    await page.click('text=Sign out');
    await page.waitForSelector('#key');
    assert.deepEqual(await page.context().cookies(`${stack().app.origin}/api/me`), []);
    await leave(page);
  });

  test('The dashboard’s types are made of what the API says of itself', async () => {
    const [api_, parts] = [await api('GET', '/api/openapi.json'), readApi(fileURLToPath(new URL('../../functions', import.meta.url)))];
    assert.deepEqual(parts.components.schemas, api_.components.schemas);
    assert.deepEqual(Object.keys(parts.paths).sort(), Object.keys(api_.paths).sort());
  });

  test('A sales person decides by keyboard, takes back without a trace, and sees what Home counted', async () => {
    const { key } = await api('POST', '/api/keys', { name: 'Sam', scopes: ['sales'] });
    const write = { Authorization: `Basic ${btoa('local-write-key:')}` };
    for (const [place, name] of people.entries()) {
      const common = { userId: `dashboard-${place}` };
      const batch = [{ ...common, type: 'identify', traits: { name, email: `dashboard-${place}@acme.example`, phone: '+49 30 1234', country: 'PL', company: { name: 'Acme', employees: 80 } } },
        ...Array.from({ length: 4 + place }, (_, product) => ({ ...common, type: 'track', event: 'Product Added', properties: { productId: `p${product}` } }))];
      assert.ok((await fetch(`${stack().app.origin}/v1/batch`, { method: 'POST', headers: write, body: JSON.stringify({ batch }) })).ok);
    }
    await until(async () => (await api('GET', '/api/sales/queue')).items.filter(lead => people.includes(lead.name)).length === people.length, 'they wait for sales', 30000);

    const page = await visit();
    await signIn(page, '/app', key);
    const counted = await until(async () => /^\d+$/.exec(await page.textContent('.tile[href="/app/sales"] b'))?.[0], 'Home has counted');
    for (const list of ['/app/messages?part=failed', '/app/messages?part=held', '/app/journeys?show=silent']) assert.ok(await until(async () => /^\d+$/.exec(await page.textContent(`.tile[href="${list}"] b`))?.[0], `Home has counted ${list}`));
    await page.click('.tile[href="/app/sales"]');
    await page.waitForSelector('#open-name');
    assert.equal(await page.locator('.queue ol.people > li').count(), Number(counted));
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('Enter'); // its one button
    await page.waitForSelector('dialog', { state: 'detached' });

    const open = () => page.textContent('#open-name');
    const toPerson = async () => {
      for (let before = await open(); !people.includes(before); before = await open()) {
        await page.keyboard.press('j');
        await until(async () => await open() !== before, 'the next lead is open');
      }
      return open();
    };
    const first = await toPerson();
    await page.keyboard.press('a');
    await page.waitForSelector(`.notice :text("${first} is accepted")`);
    assert.notEqual(await open(), first);
    await page.keyboard.press('z');
    await until(async () => await open() === first, 'the first lead is back');
    assert.equal(await stageOf(first), 'mql');

    await page.keyboard.press('r');
    await page.waitForSelector('.choices button');
    await page.keyboard.press('2');
    await until(async () => await open() !== first, 'the next lead is open');
    const second = await toPerson();
    await page.keyboard.press('a'); // sends the first decision at once
    await until(async () => await stageOf(first) === 'recycled', 'the first is rejected', 20000);
    await page.close({ runBeforeUnload: true });
    await until(async () => await stageOf(second) === 'sal', 'the second is accepted as the page is left', 20000);
    const { stays } = await api('GET', `/api/leads/${(await api('GET', `/api/leads?q=${encodeURIComponent(first)}`)).items[0].id}/stages`);
    assert.deepEqual([stays.at(-1).reason, stays.at(-1).by], ['no budget', 'Sam']);
    await leave(page);
  });

  test('A lead is found by its name, its score visibly sums, and Back shows the list where it was left', async () => {
    const page = await visit();
    await signIn(page, '/app/leads?sort=name');
    await page.waitForSelector('[data-row]');
    await page.waitForSelector('tr:has-text("Cy Dashboard") .course svg');
    assert.match(await page.textContent('tr:has-text("Cy Dashboard") .course figcaption'), /^from 0 to \d+ in \d+ days?$/);
    await page.click('button:has-text("As numbers")');
    await page.waitForSelector('tr:has-text("Cy Dashboard") .course td >> nth=4');
    assert.match(page.url(), /lines=numbers/);
    await page.click('button:has-text("As numbers")');
    await page.waitForSelector('.course svg');
    assert.match(await page.textContent('tr:has-text("Cy Dashboard")'), /Product Added/);
    assert.match(await page.textContent('.title'), /known leads? · \d+ anonymous visitor/);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('cy dash');
    await page.waitForSelector('[role=option]:has-text("Cy Dashboard")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.total');
    assert.equal(await page.textContent('h1'), 'Cy Dashboard');
    const hundredths = text => Math.round(Number(text.replace('−', '-').replace(',', '')) * 100);
    const shown = await page.$$eval('.sum > details > summary .number, .sum > .line:not(.total) .number', all => all.map(one => one.textContent));
    assert.equal(shown.reduce((sum, text) => sum + hundredths(text), 0), hundredths(await page.textContent('.total .number')));
    await page.fill('#note', 'Half a thought of Cy');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('bo dash');
    await page.waitForSelector('[role=option]:has-text("Bo Dashboard")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('h1:has-text("Bo Dashboard")');
    await page.waitForSelector('#note');
    assert.equal(await page.inputValue('#note'), '');
    await page.goBack();
    await page.waitForSelector('h1:has-text("Cy Dashboard")');
    await page.goBack();
    await page.waitForSelector('[data-row]');
    assert.equal(page.url(), `${stack().app.origin}/app/leads?sort=name`);

    // Who opens a row comes back to it, and to the place where the list was.
    await page.setViewportSize({ width: 1200, height: 320 });
    await page.evaluate(() => scrollTo(0, 120));
    await page.evaluate(() => [...document.querySelectorAll('[data-row]')].find(row => row.textContent === 'Bo Dashboard').click());
    await page.waitForSelector('h1:has-text("Bo Dashboard")');
    await page.goBack();
    await until(async () => await page.evaluate(() => document.activeElement.textContent) === 'Bo Dashboard' && await page.evaluate(() => scrollY) === 120, 'the row is in hand again where it was');
    await leave(page);
  });

  test('On a phone all pages and the way out are at hand, and a dialog gives the focus back; on a low screen too', async () => {
    const page = await visit({ viewport: { width: 360, height: 640 } });
    await signIn(page);
    await page.click('nav.side button:has-text("More")');
    await page.click('dialog button:has-text("Close")');
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'More');
    await page.keyboard.press('Enter');
    await page.click('dialog a:has-text("Audit")');
    await page.waitForURL(/\/app\/audit$/);
    await page.setViewportSize({ width: 1200, height: 480 });
    await page.click('.who button:has-text("Sign out")', { trial: true });
    await page.setViewportSize({ width: 360, height: 640 });
    await page.click('nav.side button:has-text("More")');
    await page.click('dialog button:has-text("Sign out")');
    await page.waitForSelector('#key');
    await leave(page);
  });

  test('A journey’s map shows who stands where and who was left out, and a rehearsal what would be', async () => {
    const steps = [{ id: 'hello', type: 'send', template: 'hello', topic: 'news' }, { id: 'asked', name: 'Asks them', type: 'waitFor', when: { event: 'Answered' }, timeout: '30d', then: [{ id: 'glad', type: 'addPoints', points: 3 }], else: [{ id: 'gone', type: 'exit' }] }];
    await api('PUT', '/api/journeys/mapped', { name: 'Mapped', trigger: { event: 'Mapped' }, goal: { event: 'Bought' }, steps });
    await api('POST', '/api/journeys/mapped/publish');
    const write = { Authorization: `Basic ${btoa('local-write-key:')}` };
    const tell = async (...batch) => assert.ok((await fetch(`${stack().app.origin}/v1/batch`, { method: 'POST', headers: write, body: JSON.stringify({ batch }) })).ok);
    await tell(...people.flatMap((_, place) => [{ event: 'Consent Changed', properties: { news: false } }, { event: 'Mapped' }].map(told => ({ userId: `dashboard-${place}`, type: 'track', ...told }))));
    await until(async () => (await api('GET', '/api/journeys/mapped/stats')).inside.asked === people.length, 'they stand at the second step', 30000);

    const page = await visit();
    await signIn(page, '/app/journeys');
    await page.waitForSelector('.journeys .card:has-text("Mapped") .leak:has-text("3 were left out")');
    await page.click('.journeys a:has-text("Mapped")');
    await page.waitForSelector('.step:has-text("Asks them") strong:has-text("3 here now")');
    await page.waitForSelector('.step:has-text("hello") .leak:has-text("no consent 3")');
    await page.waitForSelector('.way:has-text("otherwise")');
    await page.click('.step a:has-text("Asks them")');
    await page.waitForSelector(`.beside-map a:has-text("${people[0]}")`);
    assert.match(page.url(), /step=asked/);
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute('role') || document.activeElement.tagName);
    assert.equal(await focused(), 'at-step');
    await page.click(`button[aria-label="End the way of ${people[0]}"]`);
    assert.deepEqual((await api('GET', '/api/journeys/mapped/stats')).left, {}); // it only asks
    await page.click(`button:has-text("Yes, end it for ${people[0]}")`);
    await page.waitForSelector('.stands [role=status]');
    assert.match(await focused(), /^(status|at-step)$/);
    await until(async () => (await api('GET', '/api/journeys/mapped/stats')).left.cancelled === 1, 'that one is ended', 30000);

    await page.selectOption('.bar select', '1');
    await page.click('.step a:has-text("Asks them")');
    await page.click(`button[aria-label="Move ${people[1]}"]`);
    await page.selectOption('.stands select', 'gone');
    await page.selectOption('.stands select', 'glad'); // who passes others on the way there moves nobody
    await page.click('button:has-text("Move to “glad”")');
    await until(async () => (await api('GET', '/api/journeys/mapped/stats')).left.completed === 1, 'that one went on elsewhere', 30000);
    assert.match(page.url(), /version=1/);
    await page.click('text=Last 30 days');
    await page.waitForSelector('.sums:has-text("3 entered")');
    // Each number opens exactly the people whom it counts.
    await page.click('.step:has-text("glad") .counts a:has-text("1 came through")');
    await page.waitForSelector(`.at-step .people a:has-text("${people[1]}")`);
    assert.equal(await page.locator('.at-step .people li').count(), 1);
    assert.match(page.url(), /of=through.*step=glad|step=glad.*of=through/);
    await page.click('.tabs a:has-text("People")');
    await page.click('.step:has-text("hello") .leak a:has-text("no consent 3")');
    await page.waitForSelector('.at-step p:has-text("In all: 3")');
    await until(async () => (await page.locator('.at-step .people a').count()) === 3, 'all three are named');
    await page.click('.sums a:has-text("1 reached"), .sums a:has-text("completed 1")');
    await page.waitForSelector('.at-step p:has-text("In all: 1")');
    await page.click('.at-step a:has-text("Close")');

    await page.click('.title button:has-text("Pause")');
    await page.click('.title button:has-text("Resume")');
    await page.waitForSelector('dialog :text("1 person is inside.")');
    await isCleanOpen(page, 'the dialog of Resume');
    await page.click('dialog button.primary');
    await page.waitForSelector('.title button:has-text("Pause")');
    await page.click('text=Rehearsal');
    await page.click('main button.primary');
    await page.waitForSelector('.step:has-text("Asks them") .counts:has-text("would come here")');
    await page.waitForSelector('.step.never:has-text("glad")');
    await leave(page);
  });

  test('An admin makes a key that works once shown and ends when revoked, sets what holds for all, and moves the clock', async () => {
    const page = await visit();
    await signIn(page, '/app/settings');
    await page.fill('form input', 'Kim');
    await page.selectOption('form select', 'read');
    await page.click('form button');
    const key = await page.textContent('.settings code');
    const ask = async () => (await fetch(`${stack().app.origin}/api/leads`, { headers: { Authorization: `Bearer ${key}` } })).status;
    assert.equal(await ask(), 200);
    await page.click('button[aria-label="Revoke the key of Kim"]');
    await page.waitForSelector('.plain b:text-is("Kim")', { state: 'detached' });
    await until(async () => await ask() === 401, 'the key is over', 20000);

    await page.click('text=Sources');
    await page.fill('form input >> nth=0', 'dashboard-shop');
    await page.fill('form input >> nth=1', 'https://www.shop.example');
    await page.click('form button');
    await page.click('button[aria-label="Another write key for dashboard-shop"]');
    await page.waitForSelector('pre:has-text("data-key=")');
    await page.click('button[aria-label="Change dashboard-shop"]');
    await page.fill('#origins-dashboard-shop', 'https://www.shop.example\nhttps://shop.example');
    await page.click('.settings .plain button:has-text("Save")');
    await until(async () => (await api('GET', '/api/sources/dashboard-shop')).allowedOrigins.length === 2, 'another origin is allowed');
    await page.click('.settings .plain button:has-text("Revoke")');
    await page.click('.settings .plain button:has-text("Yes, refuse")');
    await page.waitForSelector('.settings .plain :text("None was made here")');
    assert.deepEqual((await api('GET', '/api/sources/dashboard-shop')).keys, []);

    await page.click('text=Rules for all');
    const setting = page.locator('textarea >> nth=1');
    await setting.fill('{"topics":[{"id":"news"');
    await page.click('button:has-text("Save") >> nth=1');
    await page.waitForSelector('.settings .problem-text:not(:empty)');
    await setting.fill('{"topics":[{"id":"news","names":{"en":"News"}}]}');
    await page.click('button:has-text("Save") >> nth=1');
    await page.waitForSelector(':text("Saved: it holds from now on.")');
    assert.deepEqual((await api('GET', '/api/settings/topics')).topics.map(topic => topic.id), ['news']);
    await api('PUT', '/api/settings/topics', { topics: [] });

    await page.click('text=Clock');
    await page.click('button:has-text("1 hour on")');
    await page.waitForSelector('h3:has-text("What became due")', { timeout: 60000 });
    await page.waitForSelector('.ribbon:has-text("The clock was moved")');

    // Who is erased is named first.
    const { items: [{ id }] } = await api('GET', '/api/leads?q=ada');
    await page.goto(`${stack().app.origin}/app/leads/${id}`);
    await page.click('.erase summary');
    await page.fill('#erase', 'Ada');
    assert.equal(await page.isEnabled('.erase button'), false);
    await isCleanOpen(page, 'Erase');
    await page.fill('#erase', people[0]);
    await page.click('.erase button');
    await page.waitForSelector('.erase [role=status]');
    await until(async () => (await fetch(`${stack().app.origin}/api/leads/${id}`, { headers: { Authorization: 'Bearer local-admin-key' } })).status === 404, 'she is erased', 30000);
    await leave(page);
  });

  test('A marketer sets a goal and enters what a month cost, and finds no keys; an admin sees who may what, what came in, and how it runs', async () => {
    const { key } = await api('POST', '/api/keys', { name: 'Mara', scopes: ['marketer'] });
    const page = await visit();
    await signIn(page, '/app/settings', key);
    await page.waitForSelector('.granted');
    assert.deepEqual(await page.$$eval('main .tabs >> nth=0 >> a', links => links.map(link => link.textContent)), ['Who may what', 'Goals', 'Costs', 'How it runs']);
    await page.click('.tabs >> text=Costs');
    await page.fill('input[list=cost-values]', 'Google Ads');
    await page.fill('.asking input[type=number]', '300');
    await page.click('.asking .primary');
    await page.waitForSelector('tbody th:has-text("source: Google Ads")');
    await page.fill('.amount input', '320.5');
    await page.click('tbody button:has-text("Save")');
    const cost = await until(async () => (await api('GET', '/api/costs')).items.find(one => one.amount === 320.5), 'another amount');
    assert.deepEqual([cost.source, cost.kind, cost.from.slice(8), /^\d{4}-\d\d_source-google-ads-[0-9a-f]{8}_media$/.test(cost.id)], ['Google Ads', 'media', '01', true]);
    await page.fill('input[list=cost-values]', 'Google Ads');
    await page.fill('.asking input[type=number]', '1');
    await page.click('.asking .primary');
    await page.waitForSelector('.asking :text("entered for the month already")');

    await page.click('.tabs >> text=Goals');
    await page.click('text=Set a goal');
    await page.selectOption('.goal-fields select >> nth=0', 'ctr');
    await page.fill('.goal-fields input[type=number]', '12.5');
    await page.click('.goal-fields .primary');
    await page.waitForSelector('.plain li:has-text("12.5%")');
    assert.equal((await api('GET', '/api/goals/ctr')).target, 0.125);
    await page.click('button[aria-label="Change Click-through rate"]');
    await page.fill('.goal-fields input[type=number]', '15');
    await page.click('.goal-fields .primary');
    await page.waitForSelector('.plain li:has-text("15%")');
    await page.click('button[aria-label="Take back the goal Click-through rate"]');
    await page.click('text=Yes, forget Click-through rate');
    await page.waitForSelector('.plain li:has-text("15%")', { state: 'detached' });
    await leave(page);

    const admin = await visit();
    await signIn(admin, '/app/settings?part=access&role=marketer');
    await admin.click('.granted summary:has-text("Templates")');
    await admin.waitForSelector('.granted[open] code:text-is("DELETE /api/templates/:id")');
    assert.equal(await admin.locator('code:text-is("POST /api/keys")').count(), 0);
    await admin.click('.tabs >> text=Sources');
    await admin.waitForSelector('li:has(b:text-is("Default")) .counts:has-text("accepted in 24 hours")');
    await admin.click('.tabs >> text=How it runs');
    await admin.waitForSelector('tbody tr .number');
    await leave(admin);
  });

  test('Every page is accessible in light and dark, on a desk and on a phone, and has room for longer words and for 200 %', async () => {
    const page = await visit({ locale: 'de-DE' });
    await speakLonger(page);
    await signIn(page);
    const { items: [{ id }] } = await api('GET', '/api/leads?q=cy');
    const pages = { '/app/live': '.live summary, .live .empty', '/app/live/install': '.arrivals .ribbon', '/app/messages': '.empty, tbody tr', '/app/messages?part=campaigns': '.empty, .rows > .rows > li', '/app/messages?part=outbox': '.empty, .outbox summary', '/app/settings': '.settings form', '/app/settings?part=sources': '.plain .counts a', '/app/settings?part=texts': 'textarea', '/app/settings?part=clock': '.settings button', '/app/journeys': '.journeys .counts:has-text("entered")', '/app/journeys/mapped?step=asked&version=1': '.beside-map .people a', '/app/calendar': '.title p.quiet', '/app/scoring': 'tbody tr', '/app/segments': '.empty, tbody tr', '/app/journeys/mapped?view=rehearsal': 'main button.primary', '/app/reports': '.tile b', '/app/reports/mqls?by=month,source&compare=previous&show=table': '.figures tbody tr', '/app/reports/mqls?by=day': '.plot canvas', '/app/leads?lines=numbers': '.course td', '/app/messages?part=held': '.empty, .rows > .rows > li', '/app/messages?part=failed': '.empty, .rows > .rows > li', '/app/reports/mqls/people?cause=rule': '.people a', '/app/reports/funnel': '.figures tbody tr', '/app': '.tile', '/app/leads': '[data-row]', [`/app/leads/${id}`]: '.total', '/app/sales': '#open-name', '/app/refused': '.empty, .rows > li', '/app/journeys/mapped?of=entered': '.beside-map .people a', '/app/settings?part=access&role=admin': '.granted', '/app/settings?part=goals': '.card button', '/app/settings?part=costs': 'tbody tr', '/app/settings?part=running': 'tbody tr', '/app/nowhere': 'h1' };
    await areClean(page, pages);
    for (const [opens, width] of [['?', 1200], ['Control+k', 1200], ['button:has-text("More")', 360]]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${stack().app.origin}/app`);
      await page.waitForSelector('.tile');
      await (width < 700 ? page.click(opens) : page.keyboard.press(opens));
      await page.waitForSelector('dialog[open]');
      assert.deepEqual(await page.evaluate(crowded), [], `the dialog of ${opens}`);
      await isClean(page, `the dialog of ${opens}`);
    }
    await leave(page);
  });
}
