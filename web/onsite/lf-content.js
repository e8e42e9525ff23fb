// LeadFunctions, see README.md
try { (() => {
  const script = document.currentScript, tracker = document.querySelector('[data-key]');
  const lf = window.lf = window.lf || function () { (lf.q = lf.q || []).push(arguments); };
  if (!script || !tracker) return;
  const data = tracker.dataset, stores = !('cookieless' in data), hosts = [];
  const css = `:host{all:initial;display:block;font:16px/1.5 system-ui,sans-serif}
dialog,section{position:relative;box-sizing:border-box;border:0;color:#111;background:#fff}
dialog{max-width:min(32rem,92vw);max-height:90vh;overflow:auto;padding:2rem}
dialog::backdrop{background:#0008}
.x{position:absolute;top:0;right:0;width:44px;height:44px;border:0;background:none;color:inherit;font-size:24px}
img{max-width:100%;height:auto}
@media(prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}`;

  // {id: [hidden until, ...times shown]}
  const kept = () => { try { return JSON.parse(localStorage.getItem('lf_content')) || {}; } catch (error) { return {}; } };
  const keep = (id, change) => {
    const all = kept();
    change(all[id] = all[id] || [0]);
    try { localStorage.setItem('lf_content', JSON.stringify(all)); } catch (error) {}
  };

  const show = (item, place, agreed) => {
    const host = document.createElement('div'), root = host.attachShadow({ mode: 'closed' }), popup = item.kind === 'popup';
    const box = document.createElement(popup ? 'dialog' : 'section'), close = document.createElement('button'), style = document.createElement('style');
    const tell = (name, more) => lf('track', `Content ${name}`, Object.assign({ content: item.id, version: item.version, slot: item.slot }, more));
    const leave = () => {
      // Who closes something asks for that to be remembered
      stores && keep(item.id, one => { one[0] = Date.now() + item.dismissedForSeconds * 1000; });
    };
    const end = () => {
      leave();
      tell('Dismissed');
      host.remove();
    };
    style.textContent = css;
    if (item.title) box.ariaLabel = item.title;
    box.lang = item.lang;
    box.innerHTML = item.html;
    close.textContent = '\u00d7';
    close.ariaLabel = item.close;
    close.dataset.lfClose = 1;
    close.className = 'x';
    box.append(close);
    root.append(style, box);
    root.addEventListener('click', ({ target }) => {
      const link = target.closest('a[href]');
      if (target.closest('[data-lf-close]')) popup ? box.close() : end();
      else if (link) {
        if (popup) leave();
        tell('Clicked', { url: link.href, text: link.textContent.trim().slice(0, 100) });
      }
    });
    box.addEventListener('close', end);
    (place || document.body).append(host);
    hosts.push(host);
    if (popup) box.showModal();
    new IntersectionObserver(([{ isIntersecting }], observer) => {
      if (!isIntersecting) return;
      observer.disconnect();
      tell('Shown');
      if (agreed) keep(item.id, one => one.push(Date.now()) > 51 && one.splice(1, 1));
    }).observe(box);
  };

  const look = anonymousId => {
    const places = { popup: null }, now = Date.now(), all = kept(), url = new URL('v1/content', data.host || script.src), query = url.searchParams;
    let agreed;
    // Only who may be known is asked about
    try { agreed = stores && localStorage.getItem('lf_aid') === anonymousId; } catch (error) {}
    document.querySelectorAll('[data-lf-slot]').forEach(place => { places[place.dataset.lfSlot] = place; });
    hosts.splice(0).forEach(host => host.remove());
    query.set('k', data.key);
    query.set('url', location.href.split(/[?#]/)[0]);
    query.set('lang', document.documentElement.lang);
    query.set('hidden', Object.keys(all).filter(id => all[id][0] > now));
    if (agreed) query.set('anonymousId', anonymousId);
    Object.keys(places).forEach(slot => query.append('slot', slot));
    fetch(url, { credentials: 'omit' }).then(answer => answer.ok && answer.json()).then(({ items }) => items.forEach(item => {
      const seen = (all[item.id] || []).slice(1);
      if (item.frequency.some(cap => seen.filter(at => at > now - cap.seconds * 1000).length >= cap.max)) return;
      const place = places[item.slot];
      if (place || item.kind === 'popup') setTimeout(() => { try { show(item, place, agreed); } catch (error) {} }, item.afterSeconds * 1000);
    })).catch(() => {});
  };

  const start = () => lf('ready', ids => look(ids.anonymousId));
  addEventListener('lf:content', start);
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', start); else start();
})(); } catch (error) {}
