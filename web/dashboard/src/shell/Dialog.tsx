import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** The browser's own: it keeps the focus inside and gives it back, Escape closes, and so does a click beside it. */
export function Dialog({ label, close, children, className }: { label: string; close: () => void; children: ComponentChildren; className?: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // At once: what is typed next is meant for it, and not for a page that has keys of its own.
  useLayoutEffect(() => { dialog.current!.showModal(); }, []); // it is drawn
  return (
    <dialog ref={dialog} aria-label={label} class={className} onClose={close} onClick={event => { if (event.target === dialog.current) dialog.current!.close(); }}>
      <div class="inside">{children}</div>
    </dialog>
  );
}
