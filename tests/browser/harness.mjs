// What every browser test needs: a Chromium, a server that keeps each request it gets, and waiting for a condition.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, afterEach, before, beforeEach } from 'node:test';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH || '/usr/bin/chromium';
const tracker = new URL('../../web/tracker/lf.js', import.meta.url);

export async function openBrowser() {
  if (!existsSync(executablePath))
    throw new Error(`No Chromium at ${executablePath}. Install it (apt-get install chromium) or point CHROMIUM_PATH at one.`);
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export async function until(condition, what, milliseconds = 10000) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Not within ${milliseconds} ms: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

// Serves lf.js, the site's own scripts and, at any other path, a small page with the tracker on it; keeps what /collect gets.
export class CaptureServer {
  requests = [];
  answer = () => ({ status: 200 });
  attributes = '';
  key = 'KEY';
  collectOrigin = '';
  body = '';
  head = '';
  spacer = 0;
  scripts = new Map();

  static async start() {
    const capture = new CaptureServer();
    capture.server = createServer((request, response) => capture.#handle(request, response));
    await new Promise(resolve => capture.server.listen(0, '127.0.0.1', resolve));
    capture.port = capture.server.address().port;
    capture.origin = `http://127.0.0.1:${capture.port}`;
    return capture;
  }

  stop() {
    const closed = new Promise(resolve => this.server.close(resolve));
    this.server.closeAllConnections(); // in this order: a connection made in between would never end
    return closed;
  }

  // Every event that was answered with 200, repeats included, in the order of arrival.
  get delivered() {
    return this.requests.filter(({ status }) => status === 200).flatMap(({ json }) => json.batch);
  }

  // The same without repeats: what the real server would apply.
  get events() {
    return [...new Map(this.delivered.map(event => [event.messageId, event])).values()];
  }

  named(name) {
    return this.events.filter(event => (event.event || event.type) === name);
  }

  page() {
    return `<!doctype html><html lang="en"><head><title>Shop</title>${this.head}
      <script>window.lf=window.lf||function(){(lf.q=lf.q||[]).push(arguments)}</script>
      <script async src="${this.collectOrigin}/lf.js" data-key="${this.key}" ${this.attributes}></script></head>
      <body>${this.body}<div style="height:${this.spacer}px"></div></body></html>`;
  }

  async #handle(request, response) {
    const { pathname } = new URL(request.url, this.origin);
    const script = this.scripts.get(pathname) ?? (pathname === '/lf.js' ? readFileSync(tracker) : null);
    if (script) {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
    } else if (pathname === '/collect') {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const json = request.method === 'POST' ? JSON.parse(text) : null;
      const answer = this.answer(this.requests.length, json);
      const { status, headers } = answer;
      this.requests.push({ method: request.method, headers: request.headers, at: Date.now(), bytes: Buffer.byteLength(text), json, status });
      if (answer === 'broken connection') return request.socket.destroy();
      response.writeHead(status, {
        'Content-Type': 'application/json',
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Expose-Headers': 'Retry-After',
        ...headers
      }).end('{}');
    } else {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(this.page());
    }
  }
}

// One browser a file; a server and a context with empty storage a test. No test may leave an error in the page.
export function fixture() {
  const site = {};
  let browser;
  let errors;
  before(async () => { browser = await openBrowser(); });
  after(() => browser?.close());
  beforeEach(async () => {
    site.server = await CaptureServer.start();
    site.context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Ljubljana', viewport: { width: 1000, height: 500 } });
    errors = [];
    site.context.on('weberror', error => errors.push(String(error.error())));
  });
  afterEach(async () => {
    await site.context.close();
    await site.server.stop();
    assert.deepEqual(errors, [], 'the tracker threw into the page');
  });

  return {
    site,
    open: async (path = '/', page = undefined) => {
      page = page || await site.context.newPage();
      await page.goto(site.server.origin + path);
      return page;
    },
    named: (name, count = 1) => until(() => site.server.named(name).length >= count && site.server.named(name), `${count} × ${name}`),
    lf: (page, ...args) => page.evaluate(args => window.lf(...args), args),
    ids: page => page.evaluate(() => new Promise(resolve => window.lf('ready', resolve))),
    stored: page => page.evaluate(() => ({ ...localStorage, ...sessionStorage, ...(document.cookie ? { cookie: document.cookie } : {}) })),
    // Longer than any batch delay: before asserting that nothing (more) came.
    settled: () => new Promise(resolve => setTimeout(resolve, 1200))
  };
}
