// j and k walk through the rows of a list; Enter opens, as on any link, and e edits.
import { useLocation } from 'preact-iso';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { onForget } from '../api/load';
import { useKeys } from '../shell/keys';
import { isReturned } from '../shell/scroll';

// Which row was opened last, by the address of its list: Back has it in hand again.
const opened = new Map<string, string>();
onForget(() => opened.clear());

function useOpenedRow() {
  const isFound = useRef(false);
  useLayoutEffect(() => {
    const note = (event: MouseEvent) => {
      const to = event.target instanceof Element && event.target.closest('[data-row]')?.getAttribute('href');
      if (to) opened.set(location.href, to);
    };
    addEventListener('click', note, true); // before the address is another
    return () => removeEventListener('click', note, true);
  }, []);
  useLayoutEffect(() => {
    const to = isFound.current || !isReturned() ? undefined : opened.get(location.href);
    const row = to && [...document.querySelectorAll<HTMLElement>('[data-row]')].find(link => link.getAttribute('href') === to);
    if (!row) return;
    isFound.current = true;
    if (document.activeElement?.matches('body, h1') === false) return; // somebody has begun something else meanwhile
    row.focus({ preventScroll: true });
  });
}

/** What a row has to be edited stands in its `data-edit`, what a page has in its title's. */
export function useRowKeys() {
  useOpenedRow();
  const { route } = useLocation();
  useKeys(event => {
    if (event.key === 'e') {
      const to = (document.activeElement as HTMLElement | null)?.dataset.edit ?? document.querySelector<HTMLElement>('.title [data-edit]')?.dataset.edit;
      if (to) route(to);
      return !!to;
    }

    if (event.key !== 'j' && event.key !== 'k') return false;
    const links = [...document.querySelectorAll<HTMLElement>('[data-row]')];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const next = links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + (event.key === 'j' ? 1 : -1)))];
    next?.focus();
    return !!next;
  });
}
