// j and k walk through the rows of a list; Enter opens, as on any link, and e edits.
import { useLocation } from 'preact-iso';
import { useKeys } from '../shell/keys';

/** What a row has to be edited stands in its `data-edit`, what a page has in its title's. */
export function useRowKeys() {
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
