import { useEffect, useRef, useState } from 'preact/hooks';

/** After the last letter. */
const pause = 250;

/** What is written stays while other things are drawn. It is passed on after a pause, or at once with Enter, to the `set` of then: what else was chosen meanwhile stays chosen. */
export function SearchField({ value, set, placeholder }: { value: string; set: (value: string) => void; placeholder: string }) {
  const [text, setText] = useState(value);
  const passed = useRef(value);
  const latest = useRef(set);
  latest.current = set;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // Changed by something else: Back, or a link to everything.
  useEffect(() => {
    if (value === passed.current) return;
    clearTimeout(timer.current);
    passed.current = value;
    setText(value);
  }, [value]);
  const pass = (text: string) => {
    clearTimeout(timer.current);
    if (text.trim() === passed.current) return;
    passed.current = text.trim();
    latest.current(text.trim());
  };
  const write = (text: string) => {
    setText(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => pass(text), pause);
  };
  return <input type="search" placeholder={placeholder} value={text} onInput={event => write(event.currentTarget.value)} onKeyDown={event => { if (event.key === 'Enter') pass(event.currentTarget.value); }} />;
}
