import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from './harness.mjs';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const { site, open, named, lf, ids, stored, settled } = fixture();

test('A page view is posted as one Segment-shaped batch in plain text', async () => {
  const page = await open('/pricing?plan=pro#top');
  await named('page');
  const { anonymousId } = await ids(page);
  const [{ method, headers, json }] = site.server.requests;
  const [event] = json.batch;

  assert.equal(method, 'POST');
  assert.equal(headers['content-type'], 'text/plain;charset=UTF-8');
  assert.equal(headers.cookie, undefined);
  assert.match(event.messageId, UUID);
  assert.match(anonymousId, UUID);
  assert.ok(Math.abs(Date.parse(event.timestamp) - Date.now()) < 10000 && event.timestamp.endsWith('Z'));
  const view = { path: '/pricing', referrer: '', search: '?plan=pro', title: 'Shop', url: `${site.server.origin}/pricing?plan=pro` };
  assert.deepEqual(json, {
    writeKey: 'KEY',
    sentAt: json.sentAt,
    batch: [{
      type: 'page',
      messageId: event.messageId,
      anonymousId,
      timestamp: event.timestamp,
      properties: view,
      context: {
        page: view,
        consent: {},
        locale: 'en-GB',
        timezone: 'Europe/Ljubljana',
        screen: { width: 1000, height: 500 },
        library: { name: 'lf.js', version: '1.0.0' }
      }
    }]
  });
  assert.ok(Date.parse(json.sentAt) >= Date.parse(event.timestamp));
});

test('Calls made before the script arrived are sent, after the page view, in one request', async () => {
  site.server.head = `<script>window.lf=function(){(lf.q=lf.q||[]).push(arguments)};
    lf('identify', 'u1', {email:'ann@example.com'}); lf('track', 'Early', {n: 1}); lf('ready', me => { window.me = me; });</script>`;
  const page = await open();
  await named('Early');
  await page.waitForFunction(() => window.me);

  assert.equal(site.server.requests.length, 1);
  assert.deepEqual(site.server.events.map(event => event.event || event.type), ['page', 'identify', 'Early']);
  assert.deepEqual(site.server.events[1].traits, { email: 'ann@example.com' });
  assert.equal(site.server.events[2].userId, 'u1');
  assert.deepEqual(site.server.events[2].properties, { n: 1 });
  assert.deepEqual(await page.evaluate(() => window.me), { anonymousId: site.server.events[0].anonymousId, userId: 'u1' });
});

test('Every command has its event', async () => {
  const page = await open();
  await lf(page, 'group', 'acme', { employees: 120 });
  await lf(page, 'identify', { country: 'SI' });
  await lf(page, 'identify', 42);
  await lf(page, 'alias', 'u2');
  await lf(page, 'alias', 'u3', 'u0');
  await lf(page, 'page', 'Dialog', { step: 2 });
  await lf(page, 'no such command');
  await named('page', 2);
  const { anonymousId } = await ids(page);
  await lf(page, 'reset');
  await lf(page, 'track', 'After');
  const [after] = await named('After');
  const pick = ({ type, name, userId, groupId, previousId, traits }) => JSON.parse(JSON.stringify({ type, name, userId, groupId, previousId, traits }));

  assert.deepEqual(site.server.events.filter(({ type }) => type !== 'track').map(pick), [
    { type: 'page' },
    { type: 'group', groupId: 'acme', traits: { employees: 120 } },
    { type: 'identify', traits: { country: 'SI' } },
    { type: 'identify', userId: '42', traits: {} },
    { type: 'alias', userId: 'u2', previousId: '42' },
    { type: 'alias', userId: 'u3', previousId: 'u0' },
    { type: 'page', name: 'Dialog', userId: '42' }
  ]);
  assert.equal(site.server.named('page')[1].properties.step, 2);
  assert.equal(after.userId, undefined);
  assert.notEqual(after.anonymousId, anonymousId);
});

test('The id and the user outlive the page', async () => {
  const page = await open();
  await lf(page, 'identify', 'u1');
  const first = await ids(page);
  await page.goto(`${site.server.origin}/two`);
  const second = await ids(page);
  await lf(page, 'track', 'Later');
  const [later] = await named('Later');

  assert.deepEqual(second, first);
  assert.equal(later.userId, 'u1');
  assert.equal(later.anonymousId, first.anonymousId);
});

test('A single-page app gets one page view and one Page Left per URL', async () => {
  const page = await open('/');
  await page.evaluate(() => {
    history.pushState({}, '', '/a');
    document.title = 'A';
  });
  await named('page', 2);
  await page.evaluate(() => {
    history.replaceState({}, '', '/a');
    history.replaceState({ x: 1 }, '', '/a#part');
    history.pushState({}, '', '/redirecting');
    history.replaceState({}, '', '/b?x=1');
  });
  await named('page', 3);
  await page.goBack();
  await named('page', 4);
  await settled();
  const views = site.server.named('page').map(({ properties }) => properties);

  assert.deepEqual(views.map(view => view.path + view.search), ['/', '/a', '/b?x=1', '/a']);
  assert.equal(views[1].title, 'A');
  assert.equal(views[1].referrer, `${site.server.origin}/`);
  assert.equal(views[2].referrer, `${site.server.origin}/a`);
  const left = site.server.named('Page Left');
  assert.deepEqual(left.map(({ properties }) => properties.path), ['/', '/a', '/b']);
  assert.deepEqual(left.map(({ context }) => context.page.path), ['/', '/a', '/b']);
});

test('Page Left tells the visible seconds and the deepest scroll position', async () => {
  site.server.spacer = 2000;
  const page = await site.context.newPage();
  await page.clock.install();
  await open('/', page);
  await named('page');
  const hide = hidden => page.evaluate(hidden => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await page.evaluate(() => scrollTo(0, 1000));
  await page.waitForFunction(() => scrollY === 1000);
  await page.clock.runFor(12000);
  await hide(true);
  const [first] = await named('Page Left');
  await page.clock.runFor(60000);
  await hide(false);
  await page.evaluate(() => scrollTo(0, 0));
  await page.clock.runFor(5000);
  await page.evaluate(() => history.pushState({}, '', '/next'));
  await page.clock.runFor(1000);
  const [, second] = await named('Page Left', 2);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const scroll = Math.round(100 * 1500 / height);

  assert.equal(Math.abs(first.properties.seconds - 12) <= 1, true, `${first.properties.seconds}`);
  assert.equal(Math.abs(second.properties.seconds - 5) <= 1, true, `${second.properties.seconds}`);
  assert.deepEqual([first.properties.scroll, second.properties.scroll], [scroll, scroll]);
});

test('What happens just before a page is left arrives', async () => {
  const page = await open('/one');
  await page.evaluate(() => {
    setTimeout(() => {
      lf('track', 'Last Words');
      location.href = 'about:blank';
    });
  });
  await page.waitForURL('about:blank');
  await named('Last Words');
  await named('Page Left');

  assert.equal(site.server.named('page')[0].properties.path, '/one');
});

test('A repeat of what a closed page could not confirm keeps its messageId', async () => {
  const page = await open('/one');
  await page.evaluate(() => {
    setTimeout(() => {
      lf('track', 'Last Words');
      location.href = '/two';
    });
  });
  await named('page', 2);
  await settled();

  assert.equal(new Set(site.server.delivered.map(event => event.messageId)).size, site.server.events.length);
  assert.deepEqual(site.server.events.map(event => event.event || event.type).sort(), ['Last Words', 'Page Left', 'page', 'page'].sort());
  assert.deepEqual(Object.keys(await stored(page)), ['lf_aid']);
});

test('Clicks on links to other hosts are tracked, on own links not', async () => {
  site.server.body = `<a id="out" href="https://partner.example/x"><b>Our  partner</b></a> <a id="in" href="/inside">In</a> <a id="mail" href="mailto:a@b.example">Mail</a>`;
  const page = await open();
  await page.evaluate(() => addEventListener('click', event => event.preventDefault()));
  await page.click('#in');
  await page.click('#mail');
  await page.click('#out b');
  await named('Link Clicked');
  await settled();

  assert.deepEqual(site.server.named('Link Clicked').map(({ properties }) => properties), [{ url: 'https://partner.example/x', text: 'Our  partner' }]);
});

test('A form is tracked by its id, name or action, and its values are not read', async () => {
  site.server.body = `<form id="a" onsubmit="return false"><input name="id" value="x"><input name="email" value="ann@example.com"><button>Go</button></form>
    <form name="b" onsubmit="return false"><button>Go</button></form>
    <form action="/search?secret=1" onsubmit="return false"><button>Go</button></form>`;
  const page = await open();
  for (const button of await page.$$('button')) await button.click();
  await named('Form Submitted', 3);

  assert.deepEqual(site.server.named('Form Submitted').map(({ properties }) => properties), [{ form: 'a' }, { form: 'b' }, { form: '/search' }]);
  assert.ok(!JSON.stringify(site.server.events).includes('ann@example.com'));
});

test('A form with data-lf-identify gives its contact fields and nothing else', async () => {
  site.server.body = `<form id="f" data-lf-identify onsubmit="return false">
    <input type="email" name="email" value="ann@example.com"><input name="first_name" value="Ann"><input name="lastName" value="Lee">
    <input name="company" value="Acme"><input type="tel" name="phone" value="123"><select name="country"><option>SI</option></select>
    <input type="password" name="title" value="SECRET"><input type="hidden" name="name" value="SECRET">
    <input name="name" autocomplete="cc-name" value="SECRET"><input name="card" value="SECRET"><textarea name="comment">SECRET</textarea>
    <button>Go</button></form>`;
  const page = await open();
  await page.click('button');
  await named('Form Submitted');
  const [identify] = site.server.named('identify');

  assert.deepEqual(identify.traits, { email: 'ann@example.com', firstName: 'Ann', lastName: 'Lee', company: { name: 'Acme' }, phone: '123', country: 'SI' });
  assert.ok(!JSON.stringify(site.server.events).includes('SECRET'));
});

test('The campaign and the prefix to strip reach the events of the whole session', async () => {
  site.server.attributes = 'data-strip="/demo"';
  const page = await open('/demo/pricing?utm_source=nl&utm_medium=email&utm_campaign=spring&utm_term=t&utm_content=c&other=1');
  await named('page');
  await page.goto(`${site.server.origin}/demo`);
  await named('page', 2);
  await page.goto(`${site.server.origin}/demolition`);
  const pages = await named('page', 3);

  assert.deepEqual(pages.map(({ properties }) => properties.path), ['/pricing', '/', '/demolition']);
  assert.deepEqual(pages.map(({ context }) => context.campaign), Array(3).fill({ source: 'nl', medium: 'email', name: 'spring', term: 't', content: 'c' }));
});

test('Another origin is reached without a preflight', async () => {
  site.server.collectOrigin = `http://localhost:${site.server.port}`;
  await open();
  await named('page');

  assert.deepEqual(site.server.requests.map(({ method }) => method), ['POST']);
  assert.equal(site.server.requests[0].headers.origin, site.server.origin);
});
