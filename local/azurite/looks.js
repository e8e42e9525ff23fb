// Most of what an idle app asks of storage is whether its queues hold anything, some forty times a second, and Azurite goes a long way to say no. A look that this connection has been granted
// before, word for word, into a queue that is there and has nothing to give is answered at once, in Azurite's words.
'use strict';
const { randomUUID } = require('node:crypto');

const nothing = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><QueueMessagesList/>';
const look = /^\/([^/?]+)\/([^/?]+)\/messages\?(?!.*\b(?:peekonly|sig)\b)/i;

/** @param server Azurite's queue service, not yet started. */
function answerVainLooks(server) {
  const [answer] = server.httpServer.listeners('request');
  const granted = new WeakMap(); // of each connection, what it asked
  server.httpServer.removeAllListeners('request').on('request', (request, response) => {
    const [, account, queue] = (request.method === 'GET' && look.exec(request.url)) || [];
    if (!queue) return answer(request, response);
    const asked = granted.get(request.socket) ?? new Set();
    if (asked.has(request.url) && hasNothing(server.metadataStore.db, account, queue)) return sayNothing(request, response);
    response.once('finish', () => { if (response.statusCode === 200) granted.set(request.socket, asked.add(request.url)); });
    return answer(request, response);
  });
}

function hasNothing(db, accountName, queueName) {
  const now = Date.now();
  return db.getCollection('$QUEUES_COLLECTION$').findOne({ name: queueName, accountName }) !== null
    && !db.getCollection('$MESSAGES_COLLECTION$').find({ accountName, queueName }).some((message) => message.timeNextVisible <= now);
}

function sayNothing(request, response) {
  const client = request.headers['x-ms-client-request-id'];
  response.writeHead(200, {
    'x-ms-request-id': randomUUID(),
    'x-ms-version': request.headers['x-ms-version'] ?? '',
    ...(client ? { 'x-ms-client-request-id': client } : {}),
    'Content-Type': 'application/xml',
    'Content-Length': nothing.length,
  });
  response.end(nothing);
}

module.exports = { answerVainLooks };
