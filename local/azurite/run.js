// Runs Azurite's queue and table services in one process: node run.js --location DIR [--queuePort N] [--tablePort N].
// Prints one line of JSON when both answer. Ends, with everything saved, on SIGTERM or when standard input closes:
// the pipe from the parent closes however the parent dies, SIGKILL included, so no emulator is ever left behind.
// With --temporary its data go too, unless the parent has written a line before: a killed test process leaves nothing.
'use strict';
const { mkdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');

const { values: options } = parseArgs({
  options: {
    location: { type: 'string' },
    queuePort: { type: 'string', default: '10001' },
    tablePort: { type: 'string', default: '10002' },
    temporary: { type: 'boolean', default: false },
  },
});

const part = (path) => require(join(__dirname, 'node_modules', 'azurite', 'dist', 'src', path)).default;
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
    await Promise.allSettled([queue.close(), table.close()]);
    if (!keep) rmSync(options.location, { recursive: true, force: true });
    process.exit(0);
  })();
}

// Ctrl-C reaches the whole process group; the parent still needs its storage to finish its work.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => {});
process.on('SIGTERM', stop);

(async () => {
  mkdirSync(options.location, { recursive: true });
  await queue.start();
  await table.start();
  const port = (server) => Number(new URL(server.getHttpServerAddress()).port);
  process.stdout.on('error', () => {});
  process.stdout.write(JSON.stringify({ queuePort: port(queue), tablePort: port(table) }) + '\n');
  process.stdin.on('data', () => { keep = true; }).on('end', stop).on('error', stop);
})().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
