// LeadFunctions, see README.md
(() => {
  const script = document.currentScript;
  if (!script) return;
  const url = new URL(script.src);
  url.pathname = url.pathname.replace(/\.js$/, '');
  const host = document.createElement('div');
  script.after(host);
  const root = host.attachShadow({ mode: 'open' }), content = document.createElement('div');
  let anonymousId = '', failed = '';

  const tell = (name, detail) => host.dispatchEvent(new CustomEvent(`lf:${name}`, { bubbles: true, composed: true, detail }));
  const show = html => { content.innerHTML = html; };
  const focus = selector => {
    const element = root.querySelector(selector);
    if (element) element.focus();
  };
  const say = text => {
    let note = root.querySelector('[role=alert]');
    if (!note) {
      note = document.createElement('p');
      note.setAttribute('role', 'alert');
      note.className = 'error';
      content.firstChild.append(note);
    }
    note.textContent = text;
  };

  // Waits for the tracker a little, and never in vain
  const known = new Promise(done => {
    setTimeout(done, 1000);
    if (window.lf) window.lf('ready', ids => { anonymousId = ids.anonymousId || ''; done(); });
    else done();
  });

  const load = async () => {
    await known;
    const address = new URL(url);
    address.searchParams.set('embed', 1);
    if (script.dataset.lang) address.searchParams.set('lang', script.dataset.lang);
    if (anonymousId) address.searchParams.set('anonymousId', anonymousId);
    const answer = await fetch(address, { credentials: 'omit' });
    if (!answer.ok) throw new Error(answer.status);
    const form = await answer.json();
    failed = form.failed;
    if (root.adoptedStyleSheets) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(form.css);
      root.adoptedStyleSheets = [sheet];
    } else {
      const style = document.createElement('style');
      style.textContent = form.css;
      root.append(style);
    }
    root.append(content);
    show(form.html);
    tell('shown');
  };

  root.addEventListener('submit', async event => {
    event.preventDefault();
    const button = root.querySelector('button'), sent = new FormData(event.target), body = root.querySelector('[type=file]') ? sent : new URLSearchParams(sent);
    if (button.hasAttribute('aria-busy')) return;
    button.setAttribute('aria-busy', true);
    body.set('_embed', 1);
    body.set('_page', location.href.split('#')[0]);
    if (anonymousId) body.set('anonymousId', anonymousId);
    try {
      const answer = await fetch(url, { method: 'POST', body, credentials: 'omit', headers: { Accept: 'application/json' } });
      const said = await answer.json();
      if (said.html) show(said.html);
      if (answer.ok) {
        tell('submitted', said);
        if (said.redirect) location.assign(said.redirect);
        focus('[role=status]');
      } else if (said.html) {
        tell('refused', said.errors);
        focus('.wrong');
      } else say(failed);
    } catch (error) {
      say(failed);
    }
    button.removeAttribute('aria-busy');
  });

  // An address within the shadow root leads nowhere by itself
  root.addEventListener('click', event => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    focus(link.getAttribute('href'));
  });

  load().catch(error => tell('failed', error));
})();
