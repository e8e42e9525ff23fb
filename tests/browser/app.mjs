// The real app on an emulator of its own, and a proxy before it that can be told to misbehave.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './harness.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const output = join('bin', process.env.LEADFUNCTIONS_CONFIGURATION || 'Debug', 'net10.0');
const host = join(root, 'local', output, 'DevHost.dll');
const folder = join(root, 'functions', output);
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const firstLine = child => new Promise((resolve, reject) => {
  createInterface({ input: child.stdout }).once('line', resolve);
  child.once('exit', code => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`)));
});
const ended = child => child.exitCode !== null || child.signalCode !== null ? undefined : new Promise(resolve => child.once('exit', resolve));

export class App {
  static start(...settings) {
    return App.startIn({}, ...settings);
  }

  /** @param environment What the process finds there beside what we have. */
  static async startIn(environment, ...settings) {
    assert.ok(existsSync(host), `No host at ${host}: build functions/LeadFunctions.csproj first.`);
    const app = new App();
    app.folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'leadfunctions-'));
    app.emulator = spawn('node', [join(root, 'local/azurite/run.js'), '--location', join(app.folder, 'storage'), '--ports', '0,0,0'],
      { stdio: ['pipe', 'pipe', 'inherit'] });
    const { blobPort, queuePort, tablePort } = JSON.parse(await firstLine(app.emulator));
    app.storage = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};` +
      `BlobEndpoint=http://127.0.0.1:${blobPort}/${account};` +
      `QueueEndpoint=http://127.0.0.1:${queuePort}/${account};TableEndpoint=http://127.0.0.1:${tablePort}/${account}`;
    app.port = 0;
    try {
      await app.run(environment, ...settings);
    } catch (error) {
      await app.stop();
      throw error;
    }
    return app;
  }

  async run(environment = {}, ...more) {
    this.log = '';
    // What a killed process was working on comes back when its lease has run out: after ten minutes, if nobody says otherwise.
    const settings = [`AzureWebJobsStorage=${this.storage}`, 'DevHost__QueueLease=00:00:10', ...more];
    this.process = spawn('dotnet', [host, folder, '--port', String(this.port), '--data', this.folder, ...settings.flatMap(setting => ['--setting', setting])],
      { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', chunk => { this.log += chunk; });
    const [, port] = await until(() => {
      assert.equal(this.process.exitCode, null, this.log);
      return /Listening on http:\/\/[^\s:]+:(\d+)/.exec(this.log);
    }, 'the app listens', 60000);
    this.port = Number(port);
    this.origin = `http://localhost:${port}`;
    await until(async () => (await this.#fetch('/healthz')).ok, 'the app is healthy', 60000);
  }

  async end(signal = 'SIGTERM') {
    this.process.kill(signal);
    await ended(this.process);
  }

  async stop() {
    await this.end();
    this.emulator.stdin.end();
    await ended(this.emulator);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #fetch(path) {
    return fetch(`http://127.0.0.1:${this.port}${path}`, { headers: { Authorization: 'Bearer local-admin-key' } });
  }

  // Answers with the JSON, or nothing where there is none.
  async send(method, path, body) {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, { method, headers: { Authorization: 'Bearer local-admin-key' }, body: body && JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  async get(path) {
    const answer = await this.#fetch(path);
    assert.ok(answer.ok, `${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
    return answer.json();
  }

  async findLead(query) {
    const { items } = await this.get(`/api/leads?${query}`);
    assert.ok(items.length < 2, `${items.length} leads for ${query}`);
    return items[0];
  }

  // Names of the events in the lead's timeline, oldest first, once there are as many as expected.
  async timeline(query, count) {
    let items = [];
    await until(async () => {
      const lead = await this.findLead(query);
      if (lead) ({ items } = await this.get(`/api/leads/${lead.id}/timeline?limit=200`));
      return items.length >= count;
    }, `${count} events of ${query}`, 30000).catch(error => { throw new Error(`${error.message}; there are ${items.map(({ name }) => name).join(', ')}`); });
    return items.reverse();
  }
}

// What stands between a browser and the app, on an origin of its own: 'pass', 'refuse' (503, Retry-After), 'lose' (delivers, but the answer is lost), 'delay' (the answer comes late).
export class Proxy {
  mode = 'pass';
  posts = [];
  pages = new Map();

  static async start(app) {
    const proxy = new Proxy();
    proxy.app = app;
    proxy.server = createServer((request, response) => proxy.#handle(request, response));
    await new Promise(resolve => proxy.server.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.server.address().port;
    proxy.origin = `http://127.0.0.1:${proxy.port}`;
    return proxy;
  }

  stop() {
    const closed = new Promise(resolve => this.server.close(resolve));
    this.server.closeAllConnections(); // in this order: a connection made in between would never end
    return closed;
  }

  #handle(request, response) {
    const { mode } = this;
    const page = this.pages.get(request.url);
    if (page) return response.writeHead(200, { 'Content-Type': page.type || 'text/html' }).end(page.content);
    if (request.method === 'POST') this.posts.push({ path: request.url, mode });
    if (mode === 'refuse' && request.method === 'POST') {
      request.resume();
      return response.writeHead(503, {
        'Retry-After': '1',
        'Access-Control-Allow-Origin': request.headers.origin || '*',
        'Access-Control-Expose-Headers': 'Retry-After'
      }).end();
    }
    const forwarded = send({ port: this.app.port, host: '127.0.0.1', method: request.method, path: request.url, headers: request.headers }, answer => {
      if (mode === 'lose' && request.method === 'POST') {
        answer.resume();
        return answer.on('end', () => request.socket.destroy());
      }
      setTimeout(() => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      }, mode === 'delay' && request.method === 'POST' ? 1500 : 0);
    });
    forwarded.on('error', () => request.socket.destroy());
    request.pipe(forwarded);
  }
}

// A browser that does not say that it is driven by a program: such traffic is not a lead.
export const userAgent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
