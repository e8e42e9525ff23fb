// Sends one person's story with Segment's client for servers: node segment-node.mjs HOST WRITE_KEY PERSON TRACKS
import { Analytics } from '@segment/analytics-node';

const [host, writeKey, person, tracks] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, flushInterval: 50, flushAt: 5, maxRetries: 20, httpRequestTimeout: 2000 });
analytics.on('error', (error) => {
  console.error(error);
  process.exitCode = 1;
});

analytics.page({ anonymousId: `anon-${person}`, name: 'Home', properties: { url: 'https://shop.example/' } });
analytics.identify({ userId: person, anonymousId: `anon-${person}`, traits: { email: `${person}@example.com` } });
for (let i = 0; i < Number(tracks); i++) {
  analytics.track({ userId: person, event: `Step ${i}`, properties: { i } });
  // Spread out, so that the story is still going on while the server has its troubles.
  if (i % 5 === 4) await new Promise((resolve) => setTimeout(resolve, 100));
}
analytics.group({ userId: person, groupId: 'g1', traits: { name: 'Initech' } });
analytics.alias({ userId: person, previousId: `old-${person}` });
await analytics.closeAndFlush({ timeout: 120_000 });
