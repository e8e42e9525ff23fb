// What tests of the dashboard do alike: sign in, watch for faults, requests to others and refusals of the page's policy, and look whether everybody can use a page.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { userAgent } from './app.mjs';
import { crowded } from './dashboard/layout.mjs';
import { until } from './harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const colours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** @param stack Answers the app and the browser, once they run. */
export function pagesOf(stack) {
  const api = async (method, path, body, key = 'local-admin-key') => {
    const answer = await fetch(stack().app.origin + path, { method, headers: { Authorization: `Bearer ${key}` }, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };

  // Every page is watched: its errors, what its policy refused, and requests to anybody else.
  const visit = async options => {
    const context = await stack().browser.newContext({ userAgent, locale: 'en-GB', viewport: { width: 1200, height: 800 }, reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    Object.assign(page, { faults: [], requests: [], open: new Set() });
    page.on('pageerror', error => page.faults.push(String(error)));
    page.on('console', message => message.type() === 'error' && !/status of 4/.test(message.text()) && page.faults.push(message.text()));
    page.on('request', request => { page.requests.push(request); page.open.add(request); });
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, request => page.open.delete(request));
    await page.addInitScript(() => addEventListener('securitypolicyviolation', event => console.error(`refused by policy: ${event.violatedDirective} ${event.blockedURI}`)));
    return page;
  };
  const signIn = async (page, path = '/app', key = 'local-admin-key') => {
    await page.goto(stack().app.origin + path);
    await page.fill('#key', key);
    await page.keyboard.press('Enter');
    await page.waitForSelector('nav.side');
  };
  const leave = async page => {
    const foreign = page.requests.map(request => request.url()).filter(url => !url.startsWith(stack().app.origin) && !url.startsWith('data:'));
    assert.deepEqual([page.faults, foreign], [[], []]);
    await page.context().close();
  };
  /** @param rules Which are asked for; all, if it is not said. */
  const isClean = async (page, where, rules) => {
    if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
    const { violations } = await page.evaluate(runOnly => window.axe.run(document, { runOnly }), rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
    assert.deepEqual(violations.map(({ id, nodes }) => `${where}: ${id} ${nodes.map(({ target }) => target).join(' ')}`), []);
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(width <= 0, `${where} is ${width} px too wide`);
  };

  /** What is open on a page, in light on a desk and in dark on a phone; it is a desk afterwards. */
  const isCleanOpen = async (page, where) => {
    for (const [colorScheme, width] of [['dark', 360], ['light', 1200]]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await isClean(page, `${where} ${colorScheme} ${width}`);
    }
  };

  // Nothing is asked for any more, and nothing follows of what came. Playwright's own word for it waits half a second, on each of forty pages; it counts where a request is never told to have ended.
  const isQuiet = page => {
    let [since, isIdle] = [Date.now(), false];
    page.waitForLoadState('networkidle').then(() => { isIdle = true; }, () => undefined);
    return until(() => {
      if (page.open.size > 0) since = Date.now();
      return isIdle || Date.now() - since > 120;
    }, `${page.url()} has what it asked for`, 30000);
  };

  /** Each as everybody sees it: light and dark, on a desk and on a phone; and nothing is cut there, nor on a desk at 200 %. */
  const areClean = async (page, pages) => {
    for (const [path, there] of Object.entries(pages)) {
      await page.setViewportSize({ width: 1200, height: 800 });
      page.open.clear(); // what the page before asked for ends with it
      await page.goto(stack().app.origin + path);
      await page.waitForSelector(there);
      await isQuiet(page);
      assert.doesNotMatch(await page.textContent('body'), /undefined|\bNaN\b|(?<!\{)\{\w+\}(?!\/replay)(?!\})/, path);
      assert.deepEqual(page.faults, [], path);
      for (const [width, schemes] of [[1200, ['light', 'dark']], [640, []], [360, ['dark', 'light']]]) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))); // what watches its width has seen it
        assert.deepEqual(await page.evaluate(crowded), [], `${path} at ${width}`);
        for (const [place, colorScheme] of schemes.entries()) {
          await page.emulateMedia({ colorScheme });
          await isClean(page, `${path} ${colorScheme} ${width}`, place > 0 ? colours : undefined); // nothing else is different then
          if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/dashboard${path.replace(/[/?=&]/g, '-')}-${width}-${colorScheme}.png`, fullPage: true });
        }
      }
    }
  };
  return { api, visit, signIn, leave, areClean, isClean, isCleanOpen };
}
