// Text that was typed and not saved outlives a reload, a crash of the page and of the server. It stays in this browser, and goes when it is saved or thrown away, or somebody signs out.

export interface Unsaved { text: string; /** Of the version that it was made from. */ etag?: string; at: string }

const prefix = 'lf-unsaved/';
const keyOf = (kind: string, id: string) => `${prefix}${kind}/${id}`;

export function recallUnsaved(kind: string, id: string): Unsaved | undefined {
  try {
    const kept = localStorage.getItem(keyOf(kind, id));
    return kept ? JSON.parse(kept) as Unsaved : undefined;
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

/** False when the browser would not. */
export function keepUnsaved(kind: string, id: string, unsaved: Unsaved | undefined): boolean {
  try {
    if (unsaved) localStorage.setItem(keyOf(kind, id), JSON.stringify(unsaved));
    else localStorage.removeItem(keyOf(kind, id));
    return true;
  } catch {
    return false;
  }
}

/** Ids of a kind that have some. */
export function unsavedOf(kind: string): string[] {
  try {
    return Object.keys(localStorage).filter(key => key.startsWith(keyOf(kind, ''))).map(key => key.slice(keyOf(kind, '').length));
  } catch {
    return [];
  }
}

export function forgetUnsaved() {
  try {
    for (const key of Object.keys(localStorage).filter(key => key.startsWith(prefix))) localStorage.removeItem(key);
  } catch { /* nothing was kept */ }
}
