// Reads mails with postal-mime and verifies their signatures with mailauth: node read-mail.mjs < {"mails": [Base64], "keys": {NAME: TXT}}
// Answers with a list, one for each mail. Names are looked up in keys alone, never in DNS.
import { readFileSync } from 'node:fs';
import PostalMime from 'postal-mime';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';

const { mails, keys } = JSON.parse(readFileSync(0, 'utf8'));
const resolver = async (name, type) => {
  if (type === 'TXT' && keys[name]) return [[keys[name]]];
  throw Object.assign(new Error(`There is no ${name}`), { code: 'ENOTFOUND' });
};
const read = [];
for (const base64 of mails) {
  const raw = Buffer.from(base64, 'base64');
  const mail = await PostalMime.parse(raw);
  const { results } = await dkimVerify(raw, { resolver });
  read.push({
    subject: mail.subject ?? null,
    from: mail.from ?? null,
    to: mail.to ?? [],
    replyTo: mail.replyTo ?? [],
    messageId: mail.messageId ?? null,
    date: mail.date ?? null,
    text: mail.text ?? null,
    html: mail.html ?? null,
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    dkim: results.filter(({ signingDomain }) => signingDomain).map(({ status, signingDomain, selector, algo }) => ({ result: status.result, domain: signingDomain, selector, algorithm: algo })),
  });
}
console.log(JSON.stringify(read));
