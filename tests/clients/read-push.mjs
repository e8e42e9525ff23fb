// Reads push messages as a browser does, with http_ece: node read-push.mjs < {"body": Base64, "privateKey": base64url, "authSecret": base64url}
import { createECDH } from 'node:crypto';
import { readFileSync } from 'node:fs';
import ece from 'http_ece';

const { body, privateKey, authSecret } = JSON.parse(readFileSync(0, 'utf8'));
const key = createECDH('prime256v1');
key.setPrivateKey(privateKey, 'base64url');
process.stdout.write(ece.decrypt(Buffer.from(body, 'base64'), { version: 'aes128gcm', privateKey: key, authSecret }));
