import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { may, me, signOut } from '../session/session';
import { exact } from '../parts/When';
import { now } from '../session/session';
import type { Role } from '../api/types';
import { t, tOr, type Key } from '../words/words';
import { KeyList } from './KeyList';
import { useKeys } from './keys';
import { More } from './More';
import { Search } from './Search';

export const pages = [
  { path: '/app', key: 'nav.home', icon: 'M3 11 12 4l9 7v9h-6v-6H9v6H3z' },
  { path: '/app/leads', key: 'nav.leads', icon: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 9a8 8 0 0 1 16 0z' },
  { path: '/app/sales', key: 'nav.sales', icon: 'M5 3h4l2 5-3 2a12 12 0 0 0 6 6l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2z' },
  { path: '/app/journeys', key: 'nav.journeys', isForDesks: true, icon: 'M6 3a3 3 0 0 1 1 5.8V11h7a4 4 0 0 1 4 4v.2a3 3 0 1 1-2 0V15a2 2 0 0 0-2-2H7v2.2a3 3 0 1 1-2 0V8.8A3 3 0 0 1 6 3z' },
  { path: '/app/messages', key: 'nav.messages', isForDesks: true, icon: 'M3 5h18v14H3zm2 2v.5l7 5 7-5V7z' },
  { path: '/app/calendar', key: 'nav.calendar', isForDesks: true, icon: 'M7 2h2v3h6V2h2v3h4v16H3V5h4zM5 10v9h14v-9zm2 2h3v3H7zm5 0h3v3h-3z' },
  { path: '/app/reports', key: 'nav.reports', icon: 'M4 20V10h4v10zm6 0V4h4v16zm6 0v-7h4v7z' },
  { path: '/app/scoring', key: 'nav.scoring', isForDesks: true, icon: 'm12 2 3 6.5 7 .8-5.2 4.8 1.4 7L12 17.6 5.8 21l1.4-7L2 9.3l7-.8z' },
  { path: '/app/segments', key: 'nav.segments', isForDesks: true, icon: 'M9 5a7 7 0 1 0 0 14A7 7 0 0 0 9 5zm6 0a9 9 0 0 1 0 14 7 7 0 0 0 0-14z' },
  { path: '/app/rules', key: 'nav.rules', isForDesks: true, icon: 'M4 4h7v5H4zm9 0h7v5h-7zM4 11h7v9H4zm9 0h7v9h-7z' },
  { path: '/app/refused', key: 'nav.refused', isForDesks: true, icon: 'M12 3 2 20h20zm-1 6h2v6h-2zm0 7h2v2h-2z' },
  { path: '/app/live', key: 'nav.live', isForDesks: true, icon: 'M3 11h4l3-8 4 18 3-10h4v2h-3l-4 13-4-17-2 4H3z' },
  { path: '/app/settings', key: 'nav.settings', isForDesks: true, icon: 'M4 5h9v2H4zm13 0h3v2h-3zm-3-2h2v6h-2zM4 11h3v2H4zm7 0h9v2h-9zm-3-2h2v6H8zM4 17h9v2H4zm13 0h3v2h-3zm-3-2h2v6h-2z', only: 'marketer' },
  { path: '/app/audit', key: 'nav.audit', icon: 'M12 2 4 5v6c0 5 3.4 9.5 8 11 4.6-1.5 8-6 8-11V5zm-1 6h2v5h-2zm0 6h2v2h-2z', only: 'admin' }
] as const satisfies readonly { path: string; key: Key; icon: string; only?: Role; isForDesks?: boolean }[];

/** Those that somebody may see. */
export const pagesFor = () => pages.filter(page => !('only' in page) || may(page.only));

export const Icon = ({ path }: { path: string }) => <svg viewBox="0 0 24 24" aria-hidden="true"><path d={path} /></svg>;

export function Shell({ children }: { children: ComponentChildren }) {
  const { path, route } = useLocation();
  const [open, setOpen] = useState<'search' | 'keys' | 'more' | null>(null);
  useKeys(event => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'k') setOpen('search');
    else if (event.key === '?' && !open) setOpen('keys');
    else return false;
    return true;
  }, true);

  return (
    <div class="shell">
      <a class="skip" href="#page">{t('nav.skip')}</a>
      <nav class="side" aria-label={t('nav.label')}>
        <a class="brand" href="/app">LeadFunctions</a>
        <ul>
          {pagesFor().map(page => (
            <li class={'only' in page || 'isForDesks' in page ? 'desk-only' : undefined}><a href={page.path} aria-current={path === page.path || (page.path !== '/app' && path.startsWith(`${page.path}/`)) ? 'page' : undefined}>
              <Icon path={page.icon} />{t(page.key)}</a></li>
          ))}
          <li><button class="as-link" onClick={() => setOpen('search')}>
            <Icon path="M10 3a7 7 0 1 0 4.2 12.6l5 5 1.4-1.4-5-5A7 7 0 0 0 10 3zm0 2a5 5 0 1 1 0 10 5 5 0 0 1 0-10z" />{t('nav.search')}<kbd aria-hidden="true">Ctrl K</kbd></button></li>
          <li class="phone-only"><button class="as-link" aria-haspopup="dialog" onClick={() => setOpen('more')}><Icon path="M3 6h18v2H3zm0 5h18v2H3zm0 5h18v2H3z" />{t('nav.more')}</button></li>
        </ul>
        <div class="who">
          <span class="quiet">{me.value!.name} · {tOr(`role.${me.value!.role}`, me.value!.role)}</span>
          <span class="quiet">{me.value!.timeZone}</span>
          <span class="row"><button onClick={() => setOpen('keys')} aria-label={t('keys.title')}>?</button><button onClick={signOut}>{t('nav.signOut')}</button></span>
        </div>
      </nav>
      <main id="page" tabIndex={-1}>
        {Math.abs(now() - Date.now()) > 60_000 && <p class="ribbon" role="note">{t('clock.moved', { at: exact(new Date(now()).toISOString()) })}</p>}
        {children}
      </main>
      {open === 'search' && <Search close={() => setOpen(null)} go={route} />}
      {open === 'keys' && <KeyList close={() => setOpen(null)} />}
      {open === 'more' && <More close={() => setOpen(null)} keys={() => setOpen('keys')} signOut={signOut} />}
    </div>
  );
}
