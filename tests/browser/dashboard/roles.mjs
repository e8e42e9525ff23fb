// What a role may not do, the API refuses: on every route that is described, and whatever the page could be made to offer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagesOf } from '../pages.mjs';

const methods = ['get', 'put', 'post', 'delete', 'patch'];

export function roleTests(stack) {
  const { api, visit, signIn, leave } = pagesOf(stack);

  test('A key of sales, and one that may only read, is refused by every route of others, with the session’s cookie too', async () => {
    const { paths } = await api('GET', '/api/openapi.json');
    const routes = Object.entries(paths).flatMap(([path, all]) => methods.filter(method => all[method]).map(method => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, '1'), scopes: (all[method].security ?? []).flatMap(({ apiKey = [] }) => apiKey) })));
    for (const [role, least] of [['sales', 90], ['read', 95]]) {
      const { key } = await api('POST', '/api/keys', { name: `Only ${role}`, scopes: [role] });
      const [closed, open] = [false, true].map(isOpen => routes.filter(({ scopes }) => scopes.length > 0 && (scopes.includes(role) || scopes.includes('read')) === isOpen));
      assert.ok(closed.length >= least && closed.every(({ scopes }) => scopes.includes('admin') || scopes.includes('marketer') || scopes.includes('sales')), `${closed.length} routes are closed to ${role}`);
      const page = await visit();
      await signIn(page, '/app/nowhere', key);
      const statuses = asked => page.evaluate(asked => Promise.all(asked.map(async ({ method, path }) => [`${method} ${path}`, (await fetch(path, { method, headers: { 'X-LeadFunctions': 'dashboard', 'Content-Type': 'application/json' }, body: method === 'GET' ? undefined : '{}' })).status])), asked);
      assert.deepEqual((await statuses(closed)).filter(([, status]) => status !== 403), [], role);
      const bearer = await Promise.all(closed.map(async ({ method, path }) => [`${method} ${path}`, (await fetch(stack().app.origin + path, { method, headers: { Authorization: `Bearer ${key}` }, body: method === 'GET' ? undefined : '{}' })).status]));
      assert.deepEqual(bearer.filter(([, status]) => status !== 403), [], role);
      const own = open.filter(({ method, path }) => method === 'GET' && /^\/api\/(me|leads|sales\/queue|journeys|segments)$/.test(path));
      assert.deepEqual((await statuses(own)).map(([, status]) => status), own.map(() => 200), role);
      assert.equal(own.length, 5);
      await leave(page);
    }
  });

  test('Who makes the page offer what the role may not do changes nothing, and is told so', async () => {
    const { key } = await api('POST', '/api/keys', { name: 'Sly', scopes: ['sales'] });
    await api('PUT', '/api/segments/forced', { name: 'Forced', when: { trait: 'email', exists: true } });
    await api('POST', '/api/segments/forced/publish');
    await api('PUT', '/api/journeys/forced', { name: 'Forced', trigger: { event: 'Forced' }, steps: [{ id: 'w', type: 'wait', for: '1d' }] });
    await api('POST', '/api/journeys/forced/publish');
    const { leadId } = await api('POST', '/api/leads', { traits: { name: 'Fay Forced', email: 'fay@forced.example' }, how: 'by telephone' });
    await api('POST', '/local/settle');
    const page = await visit();
    await signIn(page, '/app/nowhere', key);
    assert.equal(await page.locator('nav.side >> text=Settings').count(), 0);
    const me = await page.evaluate(() => fetch('/api/me', { headers: { 'X-LeadFunctions': 'dashboard' } }).then(answer => answer.json()));
    await page.route('**/api/me', route => route.fulfill({ json: { ...me, role: 'admin', scopes: ['admin'] } }));
    const open = async (path, there) => {
      await page.goto(stack().app.origin + path);
      await page.waitForSelector(there);
    };
    const isRefused = within => page.waitForSelector(`${within} :is(.problem-text, .failure):has-text("does not allow this")`);

    await open('/app/settings', '.settings form');
    await page.fill('form input', 'More');
    await page.selectOption('form select', 'admin');
    await page.click('form button');
    await isRefused('.settings');
    await open('/app/journeys/forced', '.title button');
    await page.click('.title button:has-text("Pause")');
    await isRefused('.title');
    await open('/app/journeys', '.samples');
    await page.click('.samples summary');
    await page.click('.samples button >> nth=0');
    await isRefused('.samples');
    await open(`/app/leads/${leadId}`, '.erase');
    await page.click('.erase summary');
    await page.fill('#erase', 'Fay Forced');
    await page.click('.erase button');
    await isRefused('.erase');
    await open('/app/rules/segments/forced', '.actions');
    await page.click('.actions button:has-text("Delete…")');
    await page.click('dialog button:has-text("Delete Forced")');
    await isRefused('dialog');

    assert.ok((await api('GET', '/api/keys')).items.every(({ name }) => name !== 'More'));
    assert.equal((await api('GET', '/api/journeys/forced')).state, 'live');
    assert.ok((await api('GET', '/api/journeys')).items.every(({ id }) => id !== 'welcome'));
    assert.equal((await api('GET', `/api/leads/${leadId}`)).id, leadId);
    assert.equal((await api('GET', '/api/segments/forced')).live, 1);
    await leave(page);
  });
}
