// LeadFunctions, see README.md
try { (() => {
  const script = document.currentScript || document.querySelector('[data-key]');
  const lf = window.lf = window.lf || function () { (lf.q = lf.q || []).push(arguments); };
  if (!script || lf.loaded) return;
  lf.loaded = true;

  const data = script.dataset;
  const restricted = data.consent === 'required' || navigator.doNotTrack === '1' || navigator.globalPrivacyControl;
  const stores = !('cookieless' in data), queues = `lf_q.${data.key}.`;

  const guard = action => (...args) => {
    try { return action(...args); } catch (error) {}
  };
  const listen = (target, name, action) => target.addEventListener(name, guard(action), true);

  // randomUUID needs https
  const uuid = () => {
    const url = URL.createObjectURL(new Blob());
    URL.revokeObjectURL(url);
    return url.slice(-36);
  };

  const setCookie = guard((name, value) => {
    document.cookie = `${name}=${encodeURIComponent(value)};path=/;samesite=lax;max-age=${value ? 3e7 : 0}`;
  });
  const getCookie = guard(name => decodeURIComponent(document.cookie.match(`\\b${name}=([^;]*)`)[1]));
  const write = guard((name, value) => { localStorage.setItem(name, value); return true; });
  const remember = (name, value) => write(name, value) || setCookie(name, value);
  const recall = name => guard(() => localStorage.getItem(name))() || getCookie(name);
  const forget = guard(name => { setCookie(name, ''); localStorage.removeItem(name); });
  const storedQueues = () => guard(() => Object.keys(localStorage).filter(name => name.startsWith(queues)))() || [];
  const session = guard((method, value) => sessionStorage[method]('lf_utm', value));

  let choice = {}, anonymousId = uuid(), userId, campaign;

  const yes = answer => /^(true|t|yes|y|on|1|ok(ay)?|(grant|allow|accept|agree|approve|enable|consent|confirm|subscribe)e?d?|given?|opt(ed)?in|checked|ja|oui|s[i\u00ed]|sim|tak)$/i.test(`${answer}`.replace(/[\s_"'-]/g, ''));

  // undefined: hold until decided
  const allowed = () => {
    choice = JSON.parse(stores && recall('lf_consent') || 'null') || choice;
    const answer = 'tracking' in choice ? yes(choice.tracking) : !restricted || undefined;
    const id = stores && answer && recall('lf_aid');
    if (id) {
      anonymousId = id;
      userId = recall('lf_uid') || undefined;
    }
    return answer;
  };
  const become = (id, user) => {
    const storing = stores && allowed();
    anonymousId = id;
    userId = user;
    if (!storing) return;
    remember('lf_aid', id);
    if (user) remember('lf_uid', user); else forget('lf_uid');
    if (campaign) session('setItem', JSON.stringify(campaign));
  };
  const reset = () => become(uuid());

  const consent = (given = {}) => {
    const was = allowed(), before = choice, after = Object.assign({}, before, Object(given) === given ? given : { tracking: given });
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    const refused = 'tracking' in after && !yes(after.tracking);
    const change = () => push('track', { event: 'Consent Changed', properties: after });
    // The end goes on record
    if (was && refused && (userId || before.tracking)) {
      change();
      flush(true);
    }
    choice = after;
    if (stores) remember('lf_consent', JSON.stringify(after));
    if (allowed()) {
      become(anonymousId, userId);
      change();
    } else if (refused) {
      queue = [];
      reset();
      storedQueues().concat('lf_aid', 'lf_uid').forEach(forget);
      session('removeItem');
    }
  };

  const page = () => {
    let path = location.pathname;
    if (`${path}/`.startsWith(`${data.strip}/`)) path = path.slice(data.strip.length) || '/';
    return { path, referrer, search: location.search, title: document.title, url: location.href.split('#')[0] };
  };
  const push = (type, fields, onPage) => {
    const event = Object.assign({
      type, messageId: uuid(), anonymousId, userId, timestamp: new Date(),
      context: {
        page: onPage || page(), campaign, consent: choice, locale: navigator.language,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        screen: { width: screen.width, height: screen.height },
        library: { name: 'lf.js', version: '1.0.0' }
      }
    }, fields);
    const size = new Blob([JSON.stringify(event)]).size;
    if (size > 32768) return console.warn('lf: too large', event);
    queue = queue.concat({ event, size }).slice(-200);
    save();
    schedule(400);
  };
  const emit = (type, fields, onPage) => allowed() !== false && push(type, fields, onPage);
  const track = (event, properties = {}, onPage) => emit('track', { event, properties }, onPage);
  const identify = (id, traits = {}) => {
    if (Object(id) === id) return identify('', id);
    allowed();
    become(anonymousId, id ? `${id}` : userId);
    emit('identify', { traits });
  };

  const ownQueue = queues + uuid();
  let queue = [], flying = [], timer, backOff, notBefore = 0;

  const save = () => {
    const all = flying.concat(queue);
    return stores && allowed() && (all[0] ? write(ownQueue, JSON.stringify(all)) : forget(ownQueue));
  };
  const schedule = delay => { timer = timer || setTimeout(guard(flush), delay); };

  const flush = leaving => {
    clearTimeout(timer);
    timer = 0;
    const now = Date.now();
    queue = queue.filter(({ event }) => now - new Date(event.timestamp) < 72e6);
    if (!allowed() || !queue[0] || flying[0] && !leaving) return;
    if (now < notBefore) return schedule(notBefore - now);
    let bytes = 0;
    const end = queue.findIndex((item, i) => i > 49 || (bytes += item.size) > 58000);
    post(queue.splice(0, end < 0 ? 50 : end));
    if (leaving) flush(true);
  };

  const at = path => new URL(path, data.host || script.src);
  const post = async batch => {
    let status = 500, after;
    flying = flying.concat(batch);
    const body = JSON.stringify({ writeKey: data.key, sentAt: new Date(), batch: batch.map(item => item.event) });
    try {
      // A beacon would not tell
      const answer = await fetch(at('collect'), { method: 'POST', body, keepalive: true, credentials: 'omit', redirect: 'error' });
      status = answer.status;
      after = Math.min(answer.headers.get('Retry-After') * 1000, 36e5);
    } catch (error) {}
    const again = status > 499 || status === 429 || status === 408;
    backOff = again ? Math.min(6e4, backOff * 2 || 1000) : 0;
    const wait = after || backOff * (0.5 + Math.random());
    notBefore = Date.now() + wait;
    flying = flying.filter(item => !batch.includes(item));
    if (again && allowed()) queue = batch.concat(queue);
    save();
    schedule(wait);
  };

  let view, here, viewTimer, referrer = document.referrer;

  const measure = () => {
    const now = performance.now();
    view.ms += now - view.since || 0;
    view.since = document.hidden ? NaN : now;
    view.scroll = Math.max(view.scroll, Math.min(100, Math.round(100 * (scrollY + innerHeight) / document.documentElement.scrollHeight)));
  };
  const left = () => {
    measure();
    const { scroll, page: { path, url } } = view, seconds = Math.round(view.ms / 1000);
    if (view.told && !seconds) return;
    view.told = true;
    view.ms = 0;
    track('Page Left', { path, url, seconds, scroll }, view.page);
  };
  const viewed = (name, properties) => {
    if (Object(name) === name) return viewed(undefined, name);
    if (view) left();
    view = { page: page(), ms: 0, scroll: 0 };
    measure();
    here = referrer = view.page.url;
    emit('page', { name, properties: Object.assign({ name }, view.page, properties) }, view.page);
  };
  const moved = () => {
    if (here === page().url) return;
    left();
    here = page().url;
    clearTimeout(viewTimer);
    viewTimer = setTimeout(guard(viewed));
  };

  const clicked = ({ button, target }) => {
    const link = button < 2 && target.closest('a[href]');
    if (link && /^http/.test(link.href) && link.host !== location.host)
      track('Link Clicked', { url: link.href, text: link.textContent.trim().slice(0, 100) });
  };
  const submitted = ({ target }) => {
    const get = name => target.getAttribute(name), traits = {};
    if (target.matches('[data-lf-identify]')) {
      [...target.elements].forEach(({ name, type, value, autocomplete }) => {
        if (value && /^(email|name|(first|last)(N|_n)ame|phone|company|title|country)$/.test(name) &&
          /^(text|email|tel|select-one)$/.test(type) && !/cc-/.test(autocomplete))
          traits[name.replace('_n', 'N')] = name === 'company' ? { name: value } : value;
      });
      if (Object.keys(traits)[0]) identify(traits);
    }
    track('Form Submitted', { form: get('id') || get('name') || (get('action') || '').split('?')[0] });
  };

  const commands = {
    track, page: viewed, identify, reset, consent,
    group: (groupId, traits = {}) => emit('group', { groupId, traits }),
    alias: (id, previousId = userId || anonymousId) => emit('alias', { userId: id, previousId }),
    ready: callback => { allowed(); callback({ anonymousId, userId }); }
  };
  const call = guard(args => commands[args[0]](args[1], args[2]));

  const start = guard(() => {
    const early = lf.q || [];
    lf.q = { push: call, commands };
    new URLSearchParams(location.search).forEach((value, name) => {
      if (/^utm_/.test(name)) (campaign = campaign || {})[name.slice(4).replace('campaign', 'name')] = value;
    });
    if (stores && allowed()) {
      campaign = campaign || JSON.parse(session('getItem') || 'null') || undefined;
      become(anonymousId, userId);
      storedQueues().forEach(guard(name => {
        queue = JSON.parse(recall(name)).concat(queue);
        if (save()) forget(name);
        schedule(400);
      }));
    }
    const [here, token] = location.href.split('#lf_t=');
    if (token) {
      history.replaceState(history.state, '', here);
      if (stores && allowed()) navigator.sendBeacon(at(`e/b/${token}?a=${anonymousId}`));
    }
    viewed();
    early.forEach(call);
    listen(window, 'popstate', moved);
    listen(window, 'pageshow', event => event.persisted && viewed());
    listen(window, 'pagehide', () => { left(); flush(true); });
    listen(document, 'visibilitychange', () => {
      if (!document.hidden) return measure();
      left();
      flush(true);
    });
    listen(window, 'scroll', measure);
    listen(window, 'online', () => { notBefore = 0; flush(); });
    listen(document, 'click', clicked);
    listen(document, 'auxclick', clicked);
    listen(document, 'submit', submitted);
    ['pushState', 'replaceState'].forEach(name => {
      const original = history[name];
      history[name] = function () {
        original.apply(this, arguments);
        guard(moved)();
      };
    });
  });
  if (document.prerendering) listen(document, 'prerenderingchange', start); else start();
})(); } catch (error) {}
