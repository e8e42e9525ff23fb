import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * The browser's own: it keeps the focus inside, Escape closes, and so does a click beside it. However it ends, the focus is back where it was.
 * @param isBusy Something is under way whose end has to be seen: it does not close.
 */
export function Dialog({ label, close, children, className, isBusy = false }: { label: string; close: () => void; children: ComponentChildren; className?: string; isBusy?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOver = useRef(false);
  // At once: what is typed next is meant for it, and not for a page that has keys of its own.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const element = dialog.current!; // it is drawn
    element.showModal();
    return () => {
      isOver.current = true; // who took it away knows
      element.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-label={label} class={className} onCancel={event => { if (isBusy) event.preventDefault(); }} onClose={() => { if (!isOver.current) close(); }} onClick={event => { if (event.target === dialog.current && !isBusy) dialog.current!.close(); }}>
      <div class="inside">{children}</div>
    </dialog>
  );
}
