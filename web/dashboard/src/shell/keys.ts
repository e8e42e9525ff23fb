// Keys of pages: never while somebody writes, or has a dialog open.

const writes = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * Calls for each key; true means that it was meant, and the browser does nothing of its own.
 * @param always Also with Ctrl or Meta, and while something is written: such keys alone are then passed on.
 */
export function onKey(act: (event: KeyboardEvent) => boolean, always = false) {
  const listen = (event: KeyboardEvent) => {
    const isChord = event.ctrlKey || event.metaKey || event.altKey;
    if (isChord ? !always : writes(event.target) || document.querySelector('dialog[open]')) return;
    if (act(event)) event.preventDefault();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}
