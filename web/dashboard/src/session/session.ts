// Who is signed in. The key itself is nowhere but in the request that exchanges it.
import { signal } from '@preact/signals';
import { ApiError, call } from '../api/client';
import { forget } from '../api/load';
import type { Me, Role } from '../api/types';
import { forgetUnsaved } from '../definitions/unsaved';

/** undefined: not known yet; null: nobody. */
export const me = signal<Me | null | undefined>(undefined);
export const away = signal<ApiError | null>(null);

// The app's clock may not show real time: pages measure by it.
let ahead = 0;
export const now = () => Date.now() + ahead;

function enter(found: Me) {
  ahead = Math.abs(Date.parse(found.now) - Date.now()) > 60_000 ? Date.parse(found.now) - Date.now() : 0;
  me.value = found;
  away.value = null;
}

export async function whoAmI() {
  try {
    enter(await call<Me>('/api/me'));
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) me.value = null;
    else away.value = error as ApiError;
  }
}

export const signIn = async (key: string) => enter(await call<Me>('/api/session', { method: 'POST', key }));

const unfinished = new Set<() => Promise<unknown>>();
/** What was decided and waits is sent in the name of whom it is by. */
export const beforeSignOut = (send: () => Promise<unknown>) => void unfinished.add(send);

export async function signOut() {
  await Promise.all([...unfinished].map(send => send()));
  forgetUnsaved();
  // Who signed in to the platform instead has no session of ours to end.
  if (me.value && !me.value.sessionUntil) return location.assign('/.auth/logout?post_logout_redirect_uri=/app');
  await call('/api/session', { method: 'DELETE' }).catch(() => undefined);
  history.replaceState(null, '', '/app'); // whoever comes next may not see the page that was open
  signedOut();
}

export function signedOut() {
  forget();
  me.value = null;
}

/** What the API would refuse is not offered; the API decides all the same. */
export const may = (...roles: Role[]) => !!me.value && (me.value.scopes.includes('admin') || roles.some(role => me.value!.scopes.includes(role)));
