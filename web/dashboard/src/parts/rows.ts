// j and k walk through the links of a list's rows; Enter opens, as on any link.
import { useKeys } from '../shell/keys';

export const useRowKeys = () => useKeys(event => {
  if (event.key !== 'j' && event.key !== 'k') return false;
  const links = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + (event.key === 'j' ? 1 : -1)))];
  next?.focus();
  return !!next;
});
