import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** The browser's own: it keeps the focus inside and gives it back, Escape closes, and so does a click beside it. */
export function Dialog({ label, close, children, className }: { label: string; close: () => void; children: ComponentChildren; className?: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => { dialog.current!.showModal(); }, []); // it is drawn
  return (
    <dialog ref={dialog} aria-label={label} class={className} onClose={close} onClick={event => { if (event.target === dialog.current) dialog.current!.close(); }}>
      <div class="inside">{children}</div>
    </dialog>
  );
}
