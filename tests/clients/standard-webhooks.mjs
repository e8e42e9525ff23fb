// Verifies signed deliveries with the library that receivers use: node standard-webhooks.mjs SECRET < deliveries.json
// Answers with a list of true and false, one for each.
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.argv[2]);
const verdicts = JSON.parse(readFileSync(0, 'utf8')).map(({ body, headers }) => {
  try {
    webhook.verify(body, headers);
    return true;
  } catch {
    return false;
  }
});
console.log(JSON.stringify(verdicts));
