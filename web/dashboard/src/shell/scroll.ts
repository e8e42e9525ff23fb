// Back shows a page where it was left. The browser would try before the page is drawn.
const places = new Map<string, number>();
let here = '';
let back = false;

export function rememberScroll() {
  history.scrollRestoration = 'manual';
  here = location.href;
  addEventListener('scroll', () => { if (here === location.href) places.set(here, scrollY); }, { passive: true });
  addEventListener('popstate', () => { back = true; });
}

/** Called by each page when it has drawn what it knew at once. */
export function arrived() {
  const moved = here !== location.href;
  here = location.href;
  if (!moved) return;
  const place = back ? places.get(here) ?? 0 : 0;
  back = false;
  scrollTo(0, place);
}
