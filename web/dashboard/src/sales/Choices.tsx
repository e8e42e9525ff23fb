import { useEffect, useRef } from 'preact/hooks';
import { useKeys } from '../shell/keys';

export interface Choice { text: string; act: () => void }

/** Numbered buttons: a digit is enough. */
export function Choices({ label, choices }: { label: string; choices: Choice[] }) {
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => { group.current!.querySelector('button')?.focus(); }, []); // it is drawn
  useKeys(event => {
    const choice = /^[1-9]$/.test(event.key) ? choices[Number(event.key) - 1] : undefined;
    choice?.act();
    return !!choice;
  });
  return (
    <div class="choices" role="group" aria-label={label} ref={group}>
      <p class="quiet">{label}</p>
      {choices.map((choice, place) => <button key={choice.text} onClick={choice.act} aria-keyshortcuts={place < 9 ? `${place + 1}` : undefined}>{place < 9 && <kbd aria-hidden="true">{place + 1}</kbd>} {choice.text}</button>)}
    </div>
  );
}
