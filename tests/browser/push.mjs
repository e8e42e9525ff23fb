// Push messages as visitors meet them: asked only when they want it, shown by the service worker. The one thing made up is the browser's subscription: Chromium gets one from Google alone.
import assert from 'node:assert/strict';
import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { userAgent } from './app.mjs';
import { until } from './harness.mjs';

const own = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'jwk' });
const publicKey = Buffer.concat([Buffer.of(4), Buffer.from(own.x, 'base64url'), Buffer.from(own.y, 'base64url')]).toString('base64url');

export const vapid = {
  publicKey,
  settings: [`LeadFunctions__Push__PublicKey=${publicKey}`, `LeadFunctions__Push__PrivateKey=${own.d}`, 'LeadFunctions__Push__Subject=mailto:push@shop.example']
};

export function pushTests(stack) {
  test('A visitor is asked when they click and not before, reaches the lead, and is shown what a template says', async () => {
    const { app, browser, site } = stack();
    site.collectOrigin = app.origin;
    site.key = 'local-write-key';
    site.body = `<button id="tell" onclick="lf('push')">Tell me</button><button id="leave" onclick="lf('push', false)">No more</button><script async src="${app.origin}/lf-push.js"></script>`;
    site.scripts.set('/lf-sw.js', `importScripts('${app.origin}/lf-sw.js')`);
    const context = await browser.newContext({ userAgent });
    await context.grantPermissions(['notifications'], { origin: site.origin });
    const key = createECDH('prime256v1').generateKeys('base64url');
    await context.addInitScript(([p256dh, auth]) => {
      window.asked = [];
      const ask = Notification.requestPermission.bind(Notification);
      Notification.requestPermission = () => { window.asked.push(navigator.userActivation.isActive); return ask(); };
      let kept = null;
      PushManager.prototype.subscribe = async options => {
        window.wanted = options;
        const endpoint = 'https://fcm.googleapis.com/fcm/send/of-a-test';
        return kept = { endpoint, toJSON: () => ({ endpoint, keys: { p256dh, auth } }), unsubscribe: async () => { kept = null; return true; } };
      };
      PushManager.prototype.getSubscription = async () => kept;
    }, [key, randomBytes(16).toString('base64url')]);
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', error => errors.push(String(error)));
    await page.goto(`${site.origin}/push`);
    const { anonymousId } = await page.evaluate(() => new Promise(resolve => lf('ready', resolve)));
    await page.waitForFunction(() => window.lf.q.commands.push);
    assert.deepEqual(await page.evaluate(async () => [window.asked.length, (await navigator.serviceWorker.getRegistrations()).length]), [0, 0], 'it came by itself');

    await page.click('#tell');

    const subscribed = await until(async () => (await app.timeline(`anonymousId=${anonymousId}`, 1)).find(({ name }) => name === 'Push Subscribed'), 'the subscription reaches the lead', 30000);
    assert.deepEqual(await page.evaluate(() => window.asked), [true]); // in answer to the click
    assert.deepEqual(await page.evaluate(() => ({ ...window.wanted })), { userVisibleOnly: true, applicationServerKey: vapid.publicKey });
    assert.deepEqual(subscribed.properties, { service: 'fcm.googleapis.com' }); // how to reach it is shown to nobody
    const lead = await app.findLead(`anonymousId=${anonymousId}`);

    await app.send('PUT', '/api/templates/back', { name: 'Back', kind: 'push', title: 'Back, {{ lead.firstName }}', body: 'Only {{ data.left }} left', url: `${site.origin}/p/{{ data.id }}`, defaults: { 'lead.firstName': 'you' } });
    const { title, body, url, missing, warnings } = await app.send('POST', '/api/templates/back/preview', { leadId: lead.id, data: { data: { left: 3, id: 'p1' } } });
    assert.deepEqual({ title, body, url, missing, warnings: warnings.map(({ code }) => code) }, { title: 'Back, you', body: 'Only 3 left', url: `${site.origin}/p/p1`, missing: [], warnings: [] });

    // From here on as the push service hands it over, decrypted by the browser: what is sent encrypted is read by another's library in PushTests.
    const devtools = await context.newCDPSession(page);
    const registered = new Promise(resolve => devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations.length && resolve(registrations[0])));
    await devtools.send('ServiceWorker.enable');
    await devtools.send('ServiceWorker.deliverPushMessage', { origin: site.origin, registrationId: (await registered).registrationId, data: JSON.stringify({ title, body, tag: 't1', url }) });
    const shown = await until(() => page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, data }))[0]), 'it is shown');
    assert.deepEqual(shown, { title, body, tag: 't1', data: { url } });
    const [worker] = context.serviceWorkers();
    const opened = await worker.evaluate(async () => {
      const [notification] = await registration.getNotifications();
      const opened = [];
      clients.openWindow = async url => { opened.push(url); }; // browsers open one for a person's click only
      dispatchEvent(new NotificationEvent('notificationclick', { notification }));
      return opened;
    });
    assert.deepEqual(opened, [url]);

    await page.click('#leave');
    await until(async () => (await app.timeline(`anonymousId=${anonymousId}`, 2)).find(({ name }) => name === 'Push Unsubscribed'), 'so does its end', 30000);
    assert.deepEqual(errors, []);
    await context.close();
  });
}
