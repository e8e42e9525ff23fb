// Keys of pages: never while somebody writes, or has a dialog open.
import { useLayoutEffect } from 'preact/hooks';

const writes = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * Calls for each key; true means that it was meant, and the browser does nothing of its own. What is drawn is what the keys are about: a key that is pressed right after a change acts on what is seen then.
 * @param always Also with Ctrl or Meta, and while something is written: such keys alone are then passed on.
 */
export const useKeys = (act: (event: KeyboardEvent) => boolean, always = false) => useLayoutEffect(() => listenTo(act, always));

function listenTo(act: (event: KeyboardEvent) => boolean, always: boolean) {
  const listen = (event: KeyboardEvent) => {
    const isChord = event.ctrlKey || event.metaKey || event.altKey;
    if (isChord ? !always : writes(event.target) || document.querySelector('dialog[open]')) return;
    if (act(event)) event.preventDefault();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}
