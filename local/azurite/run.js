// Runs Azurite's blob, queue and table services in one process: node run.js --location DIR [--ports BLOB,QUEUE,TABLE] [--reset] [--own] [--temporary].
// Without --ports it takes those that the connection string in AzureWebJobsStorage means. Prints what a person should know, a line each, and last,
// when all three answer, one line of JSON. Where an emulator answers on these ports already, it is left alone, and there is no such line; with --own that is an error,
// unless its data are those of DIR.
// Ends, with everything saved, on SIGTERM or when standard input closes:
// the pipe from the parent closes however the parent dies, SIGKILL included, so no emulator is ever left behind.
// With --temporary its data are written down at the end only, and then go too: a killed test process leaves nothing. Its parent may write, a line each,
// "keep": the data stay; "release ACCOUNT": what was taken from the account's queues and not finished can be taken again, as if whoever took it had been dead for long.
'use strict';
const { mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { connect } = require('node:net');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { parseArgs } = require('node:util');
const { useIndices } = require('./indices.js');
const { answerVainLooks } = require('./looks.js');
const { ensurePackages } = require('./packages.js');

const oldestNode = 20;
const host = '127.0.0.1';
const keepAliveSeconds = 5 * 60; // Longer than the client keeps a connection, so that it never writes to one just closed.

const { values: options } = parseArgs({
  options: {
    location: { type: 'string' },
    ports: { type: 'string' },
    reset: { type: 'boolean', default: false },
    own: { type: 'boolean', default: false },
    temporary: { type: 'boolean', default: false },
  },
});
const ports = options.ports?.split(',').map(Number) ?? portsOf(process.env.AzureWebJobsStorage ?? ''); // 0 for any free one
const file = (name) => join(options.location, name);
const say = (line) => process.stdout.write(`${line}\n`);

/** Null when an emulator on another machine is meant. */
function portsOf(connectionString) {
  const parts = Object.fromEntries(connectionString.split(';').map((part) => [part.split('=')[0].trim().toLowerCase(), part.slice(part.indexOf('=') + 1).trim()]));
  if (parts.usedevelopmentstorage) return parts.developmentstorageproxyuri ? null : [10000, 10001, 10002];
  const endpoints = ['blob', 'queue', 'table'].map((service) => new URL(parts[`${service}endpoint`] ?? `http://${host}:0`));
  return endpoints.every((endpoint) => [host, 'localhost', '[::1]'].includes(endpoint.hostname)) ? endpoints.map((endpoint) => Number(endpoint.port)) : null;
}

let services = [];
let stopping;
let keep = !options.temporary;
function stop() {
  stopping ??= (async () => {
    await Promise.allSettled(services.map((service) => service.close()));
    if (services.length > 0) rmSync(file('running.json'), { force: true });
    if (!keep) rmSync(options.location, { recursive: true, force: true });
    process.exit(0);
  })();
}

/** Not every five seconds, which with all that a test run leaves in it takes seconds each time. */
function saveAtTheEndOnly() {
  require('lokijs').prototype.autosaveEnable = function enable() { this.autosave = true; };
}

function create() {
  const part = (path) => require(join(__dirname, 'node_modules', 'azurite', 'dist', 'src', path)).default;
  useIndices(part);
  if (options.temporary) saveAtTheEndOnly();
  const noAccessLog = [false, undefined];
  const noDebugLog = [false, undefined];
  const strictAnyVersion = [false, true];
  const noTls = ['', '', '', undefined];
  const rest = [...strictAnyVersion, ...noTls, false, false];
  const store = (locationPath, maxConcurrency) => [{ locationId: 'Default', locationPath: file(locationPath), maxConcurrency }];
  const [BlobConfiguration, BlobServer] = [part('blob/BlobConfiguration'), part('blob/BlobServer')];
  const [QueueConfiguration, QueueServer] = [part('queue/QueueConfiguration'), part('queue/QueueServer')];
  const [TableConfiguration, TableServer] = [part('table/TableConfiguration'), part('table/TableServer')];
  return [
    new BlobServer(new BlobConfiguration(
      host, ports[0], keepAliveSeconds, file('blobs.json'), file('blob-extents.json'), store('blob-contents', 10), ...noAccessLog, ...noDebugLog, ...rest)),
    new QueueServer(new QueueConfiguration(
      host, ports[1], keepAliveSeconds, file('queues.json'), file('queue-extents.json'), store('queue-messages', 1), ...noAccessLog, ...noDebugLog, ...rest)),
    new TableServer(new TableConfiguration(
      host, ports[2], keepAliveSeconds, file('tables.json'), noDebugLog[0], ...noAccessLog, noDebugLog[1], ...rest)),
  ];
}

function release(account) {
  const messages = services[1].metadataStore.db.getCollection('$MESSAGES_COLLECTION$');
  for (const message of messages.find({ accountName: account }).filter((one) => one.dequeueCount > 0)) {
    message.timeNextVisible = 0;
    messages.update(message);
  }
}

const answers = (port) => port !== 0 && new Promise((done) => {
  const socket = connect(port, host, () => { socket.destroy(); done(true); }).on('error', () => done(false));
});

/** Whether the emulator on these ports was started on this folder. */
function servesThisFolder() {
  try {
    const running = JSON.parse(readFileSync(file('running.json')));
    process.kill(running.processId, 0);
    return running.queuePort === ports[1];
  } catch {
    return false;
  }
}

function leaveAlone(answering) {
  if (answering.includes(false)) {
    throw new Error(`Something listens on port ${ports[answering.indexOf(true)]}, but nothing on port ${ports[answering.indexOf(false)]}: a storage emulator needs both.`);
  }
  if (!servesThisFolder()) {
    const other = `Storage was running already on ports ${ports.join(', ')}, and its data are not those of ${options.location}. To have storage of its own, end that emulator, or give AzureWebJobsStorage other ports.`;
    if (options.own) throw new Error(other);
    say(other);
  } else if (options.reset) {
    say('Storage was running already: its data are not cleared.');
  }
  process.stdin.destroy(); // Nothing is left to wait for: it ends.
}

async function run() {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    throw new Error(`The storage emulator needs Node.js ${oldestNode} or newer; this is ${process.version}.`);
  }
  if (!ports) return process.stdin.destroy();
  const answering = await Promise.all(ports.map(answers));
  if (answering.includes(true)) return leaveAlone(answering);
  await ensurePackages(__dirname, () => say('Installing Azurite (first run, about a minute)…'));
  if (options.reset) rmSync(options.location, { recursive: true, force: true });
  mkdirSync(options.location, { recursive: true });
  services = create();
  answerVainLooks(services[1]);
  for (const service of services) await service.start();
  const [blobPort, queuePort, tablePort] = services.map((service) => Number(new URL(service.getHttpServerAddress()).port));
  const running = JSON.stringify({ processId: process.pid, blobPort, queuePort, tablePort });
  writeFileSync(file('running.json'), running); // Tells another process whose data these ports serve.
  say(running);
}

// Ctrl-C reaches the whole process group; the parent still needs its storage to finish its work.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => { if (process.stdin.isTTY) stop(); }); // Somebody's terminal has no parent that waits.
process.on('SIGTERM', stop);
process.stdout.on('error', () => {});
process.stdin.on('data', () => {}).on('end', stop).on('error', stop);
createInterface({ input: process.stdin }).on('line', (line) => {
  const [order, account] = line.split(' ');
  if (order === 'keep') keep = true;
  if (order === 'release') release(account);
});
run().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
