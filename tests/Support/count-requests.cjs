// Loaded into the storage emulator (node --require): counts the requests that it answers, by kind, where they arrive. All that costs its only thread is one map entry a
// kind; a proxy would add a hop to each request, and an access log a line. GET /ACCOUNT/requests-so-far on any of its ports answers
// the counts of an account.
'use strict';
const { Server } = require('node:http');

const counts = new Map();

/** Of an account, by kind. */
function countsOf(account) {
  if (!counts.has(account)) counts.set(account, new Map());
  return counts.get(account);
}

// "/account/queue/messages/id?…" and "/account/Table(PartitionKey='p',RowKey='r')?…", without what differs from request to request.
function resource(url) {
  const [name, ...rest] = url.split('?', 1)[0].split('/').slice(2);
  return (name ?? '').split('(', 1)[0] + (rest[0] === 'messages' ? '/messages' : '');
}

const emit = Server.prototype.emit;
Server.prototype.emit = function (event, request, response) {
  if (event !== 'request') return emit.apply(this, arguments);
  const [, account, rest] = request.url.split('?', 1)[0].split('/', 3);
  if (rest === 'requests-so-far') {
    response.end(JSON.stringify(Object.fromEntries(countsOf(account))));
    return true;
  }

  const count = (kind) => countsOf(account).set(kind, (countsOf(account).get(kind) ?? 0) + 1);
  const kind = `${request.socket.localPort} ${request.method} ${resource(request.url)}`;
  if (request.method === 'GET' && kind.endsWith('/messages')) {
    // A read of a queue finds messages or not, which only the answer tells.
    let found = false;
    for (const name of ['write', 'end']) {
      const send = response[name];
      response[name] = function (chunk) {
        found ||= chunk !== undefined && chunk !== null && typeof chunk !== 'function' && chunk.includes('<QueueMessage>');
        return send.apply(this, arguments);
      };
    }

    response.once('finish', () => count(`${kind} ${found ? 200 : 204}`));
  } else {
    response.once('finish', () => count(`${kind} ${response.statusCode}`));
  }

  return emit.apply(this, arguments);
};
