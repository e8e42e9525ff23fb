// The preference page as readers see it: the app writes it (tests/App/Feedback), this looks at it in a browser.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser } from './harness.mjs';

const folder = process.env.LEADFUNCTIONS_PAGES;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const policy = readFileSync(join(folder, 'policy.txt'), 'utf8');
const pages = readdirSync(folder).filter(name => name.endsWith('.html'));
const posts = [];
let browser, server, origin;

before(async () => {
  browser = await openBrowser();
  server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.method === 'POST') posts.push(Buffer.concat(chunks).toString());
    const { pathname } = new URL(request.url, 'http://x');
    if (!pages.includes(pathname.slice(1))) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer' }).end(readFileSync(join(folder, pathname)));
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(async () => {
  await browser?.close();
  server?.close();
  server?.closeAllConnections();
});

async function open(name, options) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', message => complaints.push(message.text()));
  await page.goto(`${origin}/${name}`);
  return { context, page, complaints: complaints.filter(text => !text.includes('favicon')) };
}

for (const [width, colorScheme] of [[360, 'light'], [360, 'dark'], [1200, 'light'], [1200, 'dark']]) {
  test(`Every page is accessible and fits, ${width} px ${colorScheme}`, async () => {
    for (const name of pages) {
      const { context, page, complaints } = await open(name, { viewport: { width, height: 800 }, colorScheme });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map(node => node.html).join(' ')}`), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${name} is wider than ${width} px`);
      assert.deepEqual(complaints, [], name);
      if (process.env.LEADFUNCTIONS_PICTURES) await page.screenshot({ path: join(process.env.LEADFUNCTIONS_PICTURES, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      await context.close();
    }
  });
}

test('By keyboard alone and without script a topic is left, another frequency chosen, and saved', async () => {
  const { context, page } = await open('en-asks.html', { javaScriptEnabled: false });
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
  await press('Tab'); // unsubscribe
  await press('Tab', 'Space'); // the first topic, which is ticked
  await press('Tab', 'Space'); // the second, which is not
  await press('Tab', 'ArrowDown'); // how often
  await press('Tab'); // a break
  await press('Tab'); // save
  posts.length = 0;
  await Promise.all([page.waitForNavigation(), press('Enter')]);
  assert.deepEqual(posts.map(body => new URLSearchParams(body).toString()), ['topic=offers&frequency=weekly&pause=0&wish=save']);
  await context.close();
});

test('The first button unsubscribes, the last one stops everything, and both say so and nothing else', async () => {
  const { context, page } = await open('en-asks.html', { javaScriptEnabled: false });
  posts.length = 0;
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Unsubscribe' }).click()]);
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Stop everything' }).click()]);
  assert.deepEqual(posts, ['wish=unsubscribe', 'wish=off']);
  await context.close();
});
