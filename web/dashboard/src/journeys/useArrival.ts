import { useLayoutEffect, useRef } from 'preact/hooks';
import { isReturned } from '../shell/scroll';

/** Of who is listed beside the map: the heading, which has the focus when somebody has opened it. On a phone it stands above the map, which may be far from what was tapped. */
export function useArrival() {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (isReturned()) return; // the row that was opened has the focus
    heading.current!.focus({ preventScroll: true }); // it is drawn
    heading.current!.scrollIntoView({ block: 'nearest' });
  }, []);
  return heading;
}
