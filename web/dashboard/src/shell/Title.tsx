import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { arrived } from './scroll';

let isFirst = true;

/** A page's heading: names the window, and is where a screen reader goes on after a change of page. */
export function Title({ text, children }: { text: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { document.title = `${text} · LeadFunctions`; }, [text]);
  useLayoutEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
    arrived(true);
  }, []);
  useLayoutEffect(() => arrived(false));
  return <header class="title"><h1 ref={heading} tabIndex={-1}>{text}</h1>{children}</header>;
}
