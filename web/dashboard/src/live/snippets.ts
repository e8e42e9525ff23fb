// What each client needs to send to this app: what people paste, with their key.
import { snippet } from '../parts/snippet';

export const clients = ['lf', 'segment', 'rudder', 'snowplow', 'http', 'pixel'] as const;
export type Client = typeof clients[number];

const host = () => location.host, origin = () => location.origin, protocol = () => location.protocol.slice(0, -1);

export const snippetOf: Record<Client, (key: string) => string> = {
  lf: snippet,
  segment: key => `import { AnalyticsBrowser } from '@segment/analytics-next'

const analytics = AnalyticsBrowser.load(
  { writeKey: '${key}', cdnURL: '${origin()}' },
  { integrations: { 'Segment.io': { apiHost: '${host()}/v1', protocol: '${protocol()}' } } }
)
analytics.page()`,
  rudder: key => `import Analytics from '@rudderstack/rudder-sdk-node'

const client = new Analytics('${key}', { dataPlaneUrl: '${origin()}' })
client.track({ userId: 'ann', event: 'Product Added' })`,
  snowplow: key => `import { newTracker, trackPageView } from '@snowplow/browser-tracker'

newTracker('lf', '${origin()}', { appId: '${key}' })
trackPageView()`,
  http: key => `curl ${origin()}/v1/track -u ${key}: \\
  -d '{"userId":"ann","event":"Product Added","properties":{"productId":"p1"}}'`,
  pixel: key => `<img src="${origin()}/p.gif?k=${encodeURIComponent(key)}&a=VISITOR" alt="" width="1" height="1">`
};
