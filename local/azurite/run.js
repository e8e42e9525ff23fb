// Runs Azurite's blob, queue and table services in one process: node run.js --location DIR [--blobPort N] [--queuePort N] [--tablePort N].
// Prints one line of JSON when all answer. Ends, with everything saved, on SIGTERM or when standard input closes:
// the pipe from the parent closes however the parent dies, SIGKILL included, so no emulator is ever left behind.
// With --temporary its data go too, unless the parent has written a line before: a killed test process leaves nothing.
'use strict';
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');

const { values: options } = parseArgs({
  options: {
    location: { type: 'string' },
    blobPort: { type: 'string', default: '10000' },
    queuePort: { type: 'string', default: '10001' },
    tablePort: { type: 'string', default: '10002' },
    temporary: { type: 'boolean', default: false },
  },
});

const part = (path) => require(join(__dirname, 'node_modules', 'azurite', 'dist', 'src', path)).default;
const BlobConfiguration = part('blob/BlobConfiguration');
const BlobServer = part('blob/BlobServer');
const QueueConfiguration = part('queue/QueueConfiguration');
const QueueServer = part('queue/QueueServer');
const TableConfiguration = part('table/TableConfiguration');
const TableServer = part('table/TableServer');

const host = '127.0.0.1';
const keepAliveSeconds = 5 * 60; // Longer than the client keeps a connection, so that it never writes to one just closed.
const file = (name) => join(options.location, name);
const noAccessLog = [false, undefined];
const noDebugLog = [false, undefined];
const strictAnyVersion = [false, true];
const noTls = ['', '', '', undefined];

const blob = new BlobServer(new BlobConfiguration(
  host, Number(options.blobPort), keepAliveSeconds,
  file('blobs.json'), file('blob-extents.json'),
  [{ locationId: 'Default', locationPath: file('blob-contents'), maxConcurrency: 10 }],
  ...noAccessLog, ...noDebugLog, ...strictAnyVersion, ...noTls, false, false));

const queue = new QueueServer(new QueueConfiguration(
  host, Number(options.queuePort), keepAliveSeconds,
  file('queues.json'), file('queue-extents.json'),
  [{ locationId: 'Default', locationPath: file('queue-messages'), maxConcurrency: 1 }],
  ...noAccessLog, ...noDebugLog, ...strictAnyVersion, ...noTls, false, false));

const table = new TableServer(new TableConfiguration(
  host, Number(options.tablePort), keepAliveSeconds,
  file('tables.json'),
  noDebugLog[0], ...noAccessLog, noDebugLog[1], ...strictAnyVersion, ...noTls, false, false));

let stopping;
let keep = !options.temporary;
function stop() {
  stopping ??= (async () => {
    await Promise.allSettled([blob.close(), queue.close(), table.close()]);
    rmSync(file('running.json'), { force: true });
    if (!keep) rmSync(options.location, { recursive: true, force: true });
    process.exit(0);
  })();
}

// Ctrl-C reaches the whole process group; the parent still needs its storage to finish its work.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => {});
process.on('SIGTERM', stop);

(async () => {
  mkdirSync(options.location, { recursive: true });
  await blob.start();
  await queue.start();
  await table.start();
  const port = (server) => Number(new URL(server.getHttpServerAddress()).port);
  const running = JSON.stringify({ processId: process.pid, blobPort: port(blob), queuePort: port(queue), tablePort: port(table) });
  writeFileSync(file('running.json'), running); // Tells another process whose data these ports serve.
  process.stdout.on('error', () => {});
  process.stdout.write(running + '\n');
  process.stdin.on('data', () => { keep = true; }).on('end', stop).on('error', stop);
})().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
