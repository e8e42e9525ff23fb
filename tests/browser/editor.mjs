// The editor as marketers use it: text and form of one document, mistakes at their places, versions, and others who are quicker.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { broken, written } from './broken.mjs';
import { until } from './harness.mjs';
import { speakLonger } from './dashboard/layout.mjs';
import { pagesOf } from './pages.mjs';

const segment = (name, operator = 'startsWith') => JSON.stringify({ name, when: { all: [{ event: 'page', where: { path: { [operator]: '/pricing' } }, count: { gte: 2 }, within: '14d' }, { trait: 'email', exists: true }] } }, null, 2);

/** Where the code view marks what is at a path: by its own code, without a browser. */
async function places() {
  const contents = `import { EditorState } from '@codemirror/state'; import { json } from '@codemirror/lang-json'; import { rangeOf } from './code/place'; import { stepsOf } from './problems';
    export const lineOf = (text, path) => { const state = EditorState.create({ doc: text, extensions: [json()] }); return state.doc.lineAt(rangeOf(state, stepsOf(path) ?? []).from).number - 1; };`;
  const { outputFiles: [{ text }] } = await build({ stdin: { contents, resolveDir: fileURLToPath(new URL('../../web/dashboard/src/definitions/', import.meta.url)) }, bundle: true, format: 'esm', write: false, logLevel: 'silent' });
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

export function editorTests(stack) {
  const { api, visit, signIn, leave, areClean, isCleanOpen } = pagesOf(stack);
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

    // What was typed is there again, even when the server was killed meanwhile.
    await write(page, segment('Browser warmer'));
    await says(page, 'Nothing is wrong');
    await stack().app.end('SIGKILL');
    await write(page, segment('Browser warmest'));
    await page.waitForSelector('.failure');
    await stack().app.run({}, ...stack().settings);
    page.faults.splice(0, page.faults.length, ...page.faults.filter(fault => !/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|ERR_CONNECTION_RESET/.test(fault)));
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
    // What is taken back is as it was: no mistake is left of it.
    await write(page, segment('Wrong', 'startWith'));
    await page.waitForSelector('.problems li.wrong');
    for (let undone = 0; undone < 9 && !/draft/.test(await page.textContent('.title .stage')); undone++) await page.keyboard.press('Control+z');
    await page.waitForSelector('.title .stage:has-text("draft")');
    await page.waitForSelector('.problems', { state: 'detached' });
    await page.waitForSelector('.actions button:has-text("Publish"):enabled');
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

  test('Each mistake that the server finds stands at its line', async () => {
    const { lineOf } = await places();
    for (const [kind, document, mark, which] of broken) {
      const text = written(document);
      const answer = await fetch(`${stack().app.origin}/api/${kind}${kind === 'lifecycle' ? '' : '/browser-broken'}?dryRun=true`, { method: 'PUT', body: text, headers: { Authorization: 'Bearer local-admin-key' } });
      const { errors } = await answer.json();
      assert.equal(answer.status, 400, `${kind}: ${mark}`);
      const lines = text.split('\n');
      const wanted = which === 'last' ? lines.findLastIndex(line => line.includes(mark)) : lines.findIndex(line => line.includes(mark));
      const found = errors.map(error => lineOf(text, error.path));
      assert.ok(found.includes(wanted), `${kind}: ${mark} is in line ${wanted}, and marked are ${found}: ${JSON.stringify(errors)}`);
    }
  });

  test('A journey is rehearsed as it is being written, at any moment and person by person, and shown beside its older version', async () => {
    const wait = (id, days) => ({ id, name: `Pause ${id}`, type: 'wait', for: `${days}d` });
    const document = { name: 'Rehearsed', trigger: { event: 'Rehearse', where: { plan: 'pro' } }, steps: [wait('a', 2), { id: 'fork', type: 'waitFor', when: { event: 'Answer' }, timeout: '5d', then: [wait('b', 3)], else: [wait('never', 1)] }] };
    await api('PUT', '/api/journeys/browser-rehearsed', document);
    await api('POST', '/api/journeys/browser-rehearsed/publish');
    const page = await visit();
    await signIn(page, '/app/rules/journeys/browser-rehearsed?view=code');
    await page.waitForSelector('.cm-content');
    document.steps[0] = { ...document.steps[0], for: '4d', name: 'Longer pause' };
    document.steps.push(wait('more', 1));
    await write(page, written(document)); // and never saved
    await says(page, 'Nothing is wrong');
    await page.click('.tabs >> text=Rehearse');
    await page.check('.whom input[value=script]');
    await page.waitForURL(/view=simulate&whom=script/);
    assert.match(await page.inputValue('#script'), /"plan": "pro"/);
    await page.click('.whom button.primary');
    await page.waitForSelector('.step:has-text("Longer pause") .counts:has-text("1 would come here")');
    await page.waitForSelector('.step.never:has-text("Pause never")');
    await page.selectOption('section:has(#runs) select', { index: 1 });
    await page.waitForSelector('.trace li >> nth=2');
    await page.waitForSelector('.step.open:has-text("Longer pause") .here-then');
    const clock = await page.textContent('output');
    await page.click('section:has(#runs) button:has-text("Next")');
    await page.click('section:has(#runs) button:has-text("Next")');
    await page.click('section:has(#runs) button:has-text("Next")');
    assert.notEqual(await page.textContent('output'), clock);

    await page.click('.tabs >> text=Versions');
    await page.click('.versions li >> text=Compare');
    await page.waitForSelector('.step:has-text("Longer pause") .differs.changed:has-text("was: Pause a: Wait 2 days")');
    await page.waitForSelector('.step:has-text("Pause more") .differs.added');
    await page.waitForSelector('.bar');
    await leave(page);
  });

  test('Publishing moves whom it concerns and fills a segment quietly, and what is deleted is told by whom it is named', async () => {
    const put = (page, text) => write(page, typeof text === 'string' ? text : written(text));
    const site = { Authorization: `Basic ${btoa('local-write-key:')}` };
    const tell = async (...batch) => assert.ok((await fetch(`${stack().app.origin}/v1/batch`, { method: 'POST', headers: site, body: JSON.stringify({ batch }) })).ok);
    await tell(...['u1', 'u2'].flatMap(userId => [{ type: 'identify', userId: `browser-${userId}`, traits: { name: `Move ${userId}`, email: `${userId}@move.example`, browserPlan: 'pro' } }, { type: 'track', userId: `browser-${userId}`, event: 'Rehearse', properties: { plan: 'pro' } }]));
    await until(async () => (await api('GET', '/api/journeys/browser-rehearsed/stats')).inside.a === 2, 'two are inside', 30000);
    const page = await visit();
    await signIn(page, '/app/rules/journeys/browser-rehearsed?view=code');
    await page.waitForSelector('.cm-content');
    await put(page, { name: 'Rehearsed', trigger: { event: 'Rehearse' }, steps: [{ id: 'first', name: 'First of all', type: 'wait', for: '9d' }] });
    await page.click('text=Publish…');
    await page.waitForSelector('dialog .migrate td select');
    await isCleanOpen(page, 'Publish');
    await page.selectOption('dialog .migrate td select', 'first');
    await page.click('dialog > .inside > p.row > .primary');
    await page.click('dialog .migrate button:has-text("Move 2 people to version 2")');
    await page.waitForSelector('dialog >> text=2 people go on in version 2');
    await page.click('dialog >> text=Close');

    // A segment that a journey waits for; its names and values are suggested as they were seen.
    await api('PUT', '/api/journeys/browser-waits', { name: 'Waits for them', trigger: { segment: 'browser-pro' }, steps: [{ id: 'w', type: 'wait', for: '9d' }] });
    await api('POST', '/api/journeys/browser-waits/publish');
    await page.goto(`${stack().app.origin}/app/rules/segments/browser-pro?view=code`);
    await page.waitForSelector('.cm-content');
    await page.waitForLoadState('networkidle');
    await put(page, '{"name": "Browser pro", "when": {"trait": "browserP');
    await page.waitForSelector('.cm-tooltip-autocomplete >> text=browserPlan');

    // What is typed faster than the page is drawn stays, and the caret where it is.
    await page.locator('.cm-content').evaluate(async content => {
      content.focus();
      document.execCommand('selectAll');
      document.execCommand('delete');
      for (let turn = 0; turn < 50; turn++) await undefined;
      document.execCommand('insertText', false, '{"name": "Bro');
    });
    await page.keyboard.type('wser');
    assert.equal((await page.textContent('.cm-content')).replace(/"$/, ''), '{"name": "Browser');
    await put(page, { name: 'Browser pro', when: { trait: 'browserPlan', equals: 'pro' } });
    await page.click('.tabs >> text=Form');
    await page.click('.condition summary');
    await page.waitForSelector('datalist option[value="browserPlan"]', { state: 'attached' });
    await page.click('text=Publish…');
    await page.waitForSelector('dialog summary:has-text("2 people start journey browser-waits at once")');
    await page.check('dialog .quietly label:has-text("quietly") input');
    await page.waitForSelector('dialog summary:has-text("start journey")', { state: 'detached' });
    await page.click('dialog > .inside > p.row > .primary');
    await page.waitForSelector('dialog >> text=is live');
    await page.click('dialog >> text=Close');
    await until(async () => (await api('GET', '/api/segments/browser-pro/members')).items.length === 2, 'both are in it', 30000);
    assert.equal((await api('GET', '/api/journeys/browser-waits/stats')).entered, 0);

    await page.click('.actions >> text=Delete…');
    await page.waitForSelector('dialog .named a:has-text("Waits for them")');
    await isCleanOpen(page, 'Delete');
    await page.click('dialog button:has-text("Delete Browser pro")');
    await page.waitForSelector('.rules tbody');
    assert.equal((await fetch(`${stack().app.origin}/api/segments/browser-pro`, { headers: { Authorization: 'Bearer local-admin-key' } })).status, 404);

    // A template as its readers get it.
    await api('PUT', '/api/templates/browser-mail', { name: 'Browser mail', subject: 'Hello {{ lead.name }}', html: '<html lang="en"><head><style>p { color: rgb(1, 2, 3) }</style></head><body style="margin: 4px"><p style="font-weight: 700">Dear {{ lead.nick }}</p><img src="https://elsewhere.example/a.png" alt="A plant"></body></html>' });
    await page.goto(`${stack().app.origin}/app/rules/templates/browser-mail?view=code`);
    await page.waitForSelector('.preview .rendered >> nth=1');
    await put(page, { ...(await api('GET', '/api/templates/browser-mail')).document, subject: 'Good day {{ lead.name }}' }); // shown as it is written, and not saved
    await page.waitForSelector('.preview summary:has-text("Good day Move")');
    await page.click('.preview .other summary');
    await page.fill('.preview input', 'Cy Dashboard');
    await page.click('.preview button[aria-label="Show it as Cy Dashboard gets it"]');
    await page.waitForSelector('.preview .rendered summary:has-text("Good day Cy Dashboard") >> nth=0');
    assert.equal((await api('GET', '/api/templates/browser-mail')).document.subject, 'Hello {{ lead.name }}');
    await page.click('text=Publish…');
    await page.waitForSelector('dialog .rendered >> nth=1');
    await page.waitForSelector('dialog code:has-text("lead.nick")');
    const frame = await (await page.waitForSelector('dialog iframe')).contentFrame();
    assert.deepEqual(await frame.$eval('p', p => [getComputedStyle(p).color, getComputedStyle(p).fontWeight]), ['rgb(1, 2, 3)', '700']);
    await page.click('dialog >> text=Cancel');
    await page.click('.actions >> text=Delete…');
    await page.click('dialog button:has-text("Delete Browser mail")');
    await page.waitForSelector('.rules tbody');
    assert.equal((await fetch(`${stack().app.origin}/api/templates/browser-mail`, { headers: { Authorization: 'Bearer local-admin-key' } })).status, 404);
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

    const admin = await visit({ locale: 'de-DE' });
    await speakLonger(admin);
    await signIn(admin);
    await areClean(admin, {
      '/app/rules/segments': '[data-row]', '/app/rules/scoring-models/browser': '.items', '/app/rules/segments/browser-warm': '.condition', '/app/rules/segments/browser-warm?view=code': '.cm-content',
      '/app/rules/segments/browser-warm?view=versions&compare=1': '.versions', '/app/rules/lifecycle': '.form', '/app/rules/templates/marks': '.preview iframe', '/app/messages?part=outbox': '.outbox summary', '/app/rules/journeys/browser-rehearsed?view=simulate': '.whom button.primary', '/app/rules/journeys/browser-rehearsed?view=versions&compare=1': '.differs', '/app/journeys/browser-rehearsed?view=diff&from=1&version=2': '.differs', '/app/audit': '.audit .card'
    });
    // A mail of the outbox is opened as its reader has it.
    await admin.goto(`${stack().app.origin}/app/messages?part=outbox`);
    await admin.click('.outbox li:has(a:text-is("marks")) summary');
    const mail = await (await admin.waitForSelector('.outbox iframe')).contentFrame();
    assert.equal(await mail.textContent('a'), 'Look');
    await leave(admin);
  });
}
