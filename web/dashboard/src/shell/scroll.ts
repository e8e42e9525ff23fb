// Back shows a page where it was left. The browser would try before the page is drawn.
const places = new Map<string, number>();
let here = '';
let back = false;
let returned = false;

/** Whether the page that is seen was come back to. */
export const isReturned = () => returned;

export function rememberScroll() {
  history.scrollRestoration = 'manual';
  here = location.href;
  const note = () => { if (here === location.href) places.set(here, scrollY); };
  addEventListener('scroll', note, { passive: true });
  addEventListener('click', note, true); // told of the last scroll in the next frame only: before the link is followed
  addEventListener('popstate', () => { back = true; });
}

/**
 * Called by each page when it has drawn what it knew at once, and when it has drawn anew.
 * @param isNew Another page. The same one with another filter or tab stays where it is, unless one comes back to it.
 */
export function arrived(isNew: boolean) {
  const moved = here !== location.href;
  // Somebody who leaves a page sees it until the next one is there: it is not drawn for that address.
  if (!moved || !isNew && new URL(here).pathname !== location.pathname) return;
  here = location.href;
  if (!isNew && !back) {
    places.set(here, scrollY);
    return;
  }
  returned = back;
  const place = back ? places.get(here) ?? 0 : 0;
  back = false;
  scrollTo(0, place);
}
