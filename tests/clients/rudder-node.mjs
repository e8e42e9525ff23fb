// Sends one person's story with RudderStack's client for servers: node rudder-node.mjs HOST WRITE_KEY PERSON TRACKS
import Analytics from '@rudderstack/rudder-sdk-node';

const [host, writeKey, person, tracks] = process.argv.slice(2);
const client = new Analytics(writeKey, { dataPlaneUrl: host, flushInterval: 50, flushAt: 5, logLevel: 'error' });
const delivered = [];
const send = (call, message) => delivered.push(new Promise((resolve, reject) => client[call](message, (error) => (error ? reject(error) : resolve()))));

send('page', { anonymousId: `anon-${person}`, name: 'Home', properties: { url: 'https://shop.example/' } });
send('identify', { userId: person, anonymousId: `anon-${person}`, traits: { email: `${person}@example.com` } });
for (let i = 0; i < Number(tracks); i++) {
  send('track', { userId: person, event: `Step ${i}`, properties: { i } });
  if (i % 5 === 4) await new Promise((resolve) => setTimeout(resolve, 100));
}
send('group', { userId: person, groupId: 'g1', traits: { name: 'Initech' } });
send('alias', { userId: person, previousId: `old-${person}` });
client.flush();
await Promise.all(delivered);
