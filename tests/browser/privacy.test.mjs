import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from './harness.mjs';

const { site, open, named, lf, ids, stored, settled } = fixture();
const inEveryPage = script => site.context.addInitScript(script);
const optOut = property => inEveryPage(`Object.defineProperty(Navigator.prototype, '${property}', { get: () => ${property === 'doNotTrack' ? "'1'" : true} })`);

test('Where consent is required nothing is stored or sent before it, and what happened before is sent after it', async () => {
  site.server.attributes = 'data-consent="required"';
  const page = await open('/?utm_source=nl');
  await lf(page, 'track', 'Before');
  await settled();
  assert.equal(site.server.requests.length, 0);
  assert.deepEqual(await stored(page), {});

  await lf(page, 'consent', { tracking: true, marketing: false });
  const [change] = await named('Consent Changed');

  assert.deepEqual(site.server.events.map(event => event.event || event.type), ['page', 'Before', 'Consent Changed']);
  assert.deepEqual(change.properties, { tracking: true, marketing: false });
  assert.deepEqual(change.context.consent, { tracking: true, marketing: false });
  assert.equal(new Set(site.server.events.map(event => event.anonymousId)).size, 1);
  assert.equal((await stored(page)).lf_aid, change.anonymousId);

  await page.goto(`${site.server.origin}/two`);
  await named('page', 2);
});

test('What waited for consent is dropped when it is refused, and nothing but the choice is kept', async () => {
  site.server.attributes = 'data-consent="required"';
  const page = await open();
  await lf(page, 'track', 'Before');
  await lf(page, 'consent', { tracking: false });
  await lf(page, 'track', 'After');
  await page.goto(`${site.server.origin}/two`);
  await settled();

  assert.equal(site.server.requests.length, 0);
  assert.deepEqual(await stored(page), { lf_consent: '{"tracking":false}' });
});

test('The same choice told on every page is recorded once', async () => {
  site.server.head = `<script>window.lf=function(){(lf.q=lf.q||[]).push(arguments)};lf('consent',{tracking:true})</script>`;
  const page = await open();
  await named('Consent Changed');
  await page.goto(`${site.server.origin}/two`);
  await named('page', 2);
  await settled();

  assert.equal(site.server.named('Consent Changed').length, 1);
});

test('Taking a grant back is recorded, then everything is forgotten, in other tabs too', async () => {
  const page = await open();
  const other = await open();
  await lf(page, 'identify', 'u1');
  await lf(page, 'consent', { tracking: true });
  await named('Consent Changed');
  const { anonymousId } = await ids(page);
  await lf(page, 'consent', { tracking: false });
  const changes = await named('Consent Changed', 2);
  const count = site.server.requests.length;
  await lf(page, 'track', 'After');
  await lf(other, 'track', 'After');
  await settled();

  assert.deepEqual(changes.map(({ properties }) => properties.tracking), [true, false]);
  assert.equal(site.server.requests.length, count);
  assert.deepEqual(await stored(page), { lf_consent: '{"tracking":false}' });
  assert.notEqual((await ids(page)).anonymousId, anonymousId);
});

test('A yes and a no may be text, and only a usual yes is one', async () => {
  await optOut('doNotTrack');
  const page = await open();
  for (const answer of ['false', 'no', 'denied', 0, '0', '', null, 'perhaps']) await lf(page, 'consent', { tracking: answer });
  await settled();
  assert.equal(site.server.requests.length, 0);

  await lf(page, 'consent', { tracking: 'Granted' });
  await named('Consent Changed');
});

test('A yes in any of the usual words is one, and a no is not', async () => {
  site.server.attributes = 'data-consent="required"';
  const page = await open();
  for (const [no, yes] of [['declined', ' TRUE '], ['no', 'accepted'], ['opt-out', 'opt-in'], ['off', 'Ok']]) {
    await lf(page, 'consent', { tracking: no });
    assert.ok(!('lf_aid' in await stored(page)), no);
    await lf(page, 'consent', { tracking: yes });
    assert.ok('lf_aid' in await stored(page), yes);
  }
});

test('An answer that names nothing is one to tracking', async () => {
  const page = await open();
  await named('page');
  await lf(page, 'consent');
  await lf(page, 'track', 'Before');
  await named('Before');
  await lf(page, 'consent', false);
  await lf(page, 'track', 'After');
  await settled();
  assert.equal(site.server.named('After').length, 0);
  assert.deepEqual(await stored(page), { lf_consent: '{"tracking":false}' });

  await lf(page, 'consent', 'accepted');
  const [change] = await named('Consent Changed');
  assert.deepEqual(change.properties, { tracking: 'accepted' });
});

test('Who is known by a user id is on record with the refusal, though no grant was', async () => {
  const page = await open();
  await lf(page, 'identify', 'u1');
  await named('identify');
  await lf(page, 'consent', { tracking: 'no', marketing: 'no' });
  const [change] = await named('Consent Changed');
  await lf(page, 'track', 'After');
  await settled();

  assert.deepEqual([change.userId, change.properties], ['u1', { tracking: 'no', marketing: 'no' }]);
  assert.equal(site.server.named('After').length, 0);
  assert.deepEqual(await stored(page), { lf_consent: '{"tracking":"no","marketing":"no"}' });
});

test('A refusal that was queued before the script came stops the first page view', async () => {
  site.server.head = `<script>window.lf=function(){(lf.q=lf.q||[]).push(arguments)};lf('consent',{tracking:false})</script>`;
  const page = await open();
  await page.goto('about:blank');
  await settled();

  assert.equal(site.server.requests.length, 0);
});

for (const property of ['doNotTrack', 'globalPrivacyControl'])
  test(`With ${property} nothing is tracked unless consent is given`, async () => {
    await optOut(property);
    const page = await open();
    await lf(page, 'track', 'Before');
    await settled();
    assert.equal(site.server.requests.length, 0);
    assert.deepEqual(await stored(page), {});

    await lf(page, 'consent', { tracking: true });
    await named('Consent Changed');
    await page.goto(`${site.server.origin}/two`);
    await named('page', 2);
  });

test('Cookieless stores nothing and starts every page with a new id', async () => {
  site.server.attributes = 'data-cookieless';
  const page = await open('/?utm_source=nl');
  await lf(page, 'identify', 'u1');
  await lf(page, 'consent', { tracking: true });
  await named('Consent Changed');
  const first = await ids(page);
  assert.deepEqual(await stored(page), {});
  assert.equal(site.server.events[0].anonymousId, first.anonymousId);

  await page.goto(`${site.server.origin}/two`);
  await named('page', 2);
  const second = await ids(page);

  assert.notEqual(second.anonymousId, first.anonymousId);
  assert.equal(second.userId, undefined);
});

const block = storage => `Object.defineProperty(window, '${storage}', { get() { throw new DOMException('blocked', 'SecurityError'); } });`;

test('Where localStorage is blocked a cookie keeps the id', async () => {
  await inEveryPage(block('localStorage') + block('sessionStorage'));
  const page = await open();
  await lf(page, 'identify', 'u1; a=b');
  await lf(page, 'consent', { tracking: true, marketing: true });
  await named('Consent Changed');
  const first = await ids(page);
  await page.goto(`${site.server.origin}/two`);
  await named('page', 2);

  assert.deepEqual(await ids(page), first);
  assert.equal(first.userId, 'u1; a=b');
  assert.deepEqual(site.server.named('page')[1].context.consent, { tracking: true, marketing: true });
});

test('Where all storage is blocked tracking and consent go on in memory', async () => {
  site.server.attributes = 'data-consent="required"';
  await inEveryPage(block('localStorage') + block('sessionStorage') +
    `Object.defineProperty(document, 'cookie', { get() { throw new DOMException('blocked', 'SecurityError'); }, set() { throw new DOMException('blocked', 'SecurityError'); } });`);
  const page = await open();
  await lf(page, 'consent', { tracking: true });
  await lf(page, 'identify', 'u1');
  const [identify] = await named('identify');

  assert.equal(identify.userId, 'u1');
});
