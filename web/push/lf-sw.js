// LeadFunctions: the site's own /lf-sw.js is one line, importScripts('https://HOST/lf-sw.js')
addEventListener('push', event => {
  const { title, body, tag, url, icon } = event.data.json();
  event.waitUntil(registration.showNotification(title, { body, tag, icon, data: { url } }));
});
addEventListener('notificationclick', event => {
  event.notification.close();
  const { url } = event.notification.data || {};
  if (url) event.waitUntil(clients.openWindow(url));
});
