// LeadFunctions, see README.md
try { (() => {
  const script = document.currentScript, tracker = document.querySelector('[data-key]'), lf = window.lf;
  if (!script || !tracker || !lf) return;
  const data = tracker.dataset;

  // The question comes first: browsers take it from a click alone
  const subscribe = async ({ worker = '/lf-sw.js' } = {}) => {
    if (!('PushManager' in window) || await Notification.requestPermission() !== 'granted') return;
    const url = new URL('v1/push', data.host || script.src);
    url.searchParams.set('k', data.key);
    const answer = await fetch(url, { credentials: 'omit' });
    if (!answer.ok) return;
    const { key } = await answer.json();
    await navigator.serviceWorker.register(worker);
    const { pushManager } = await navigator.serviceWorker.ready;
    const { endpoint, keys: { p256dh, auth } } = (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
    lf('track', 'Push Subscribed', { endpoint, p256dh, auth });
  };
  const leave = async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const subscription = registration && await registration.pushManager.getSubscription();
    if (!subscription) return;
    await subscription.unsubscribe();
    lf('track', 'Push Unsubscribed', { endpoint: subscription.endpoint });
  };

  lf('ready', () => {
    lf.q.commands.push = options => { (options === false ? leave() : subscribe(options || {})).catch(() => {}); };
  });
})(); } catch (error) {}
