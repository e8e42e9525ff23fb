import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { useSaying } from '../parts/useSaying';
import { t } from '../words/words';

/** Everything that is known of somebody goes for good: whoever asks for it writes the name, so that nobody does by a slip. */
export function Erase({ path, name }: { path: string; name: string }) {
  const [typed, setTyped] = useState('');
  const [isDone, setIsDone] = useState(false);
  const { said, isBusy, act } = useSaying();
  const isSure = typed.trim() === name.trim();
  const erase = (event: SubmitEvent) => {
    event.preventDefault();
    if (isSure && !isBusy) void act(async () => {
      await call(path, { method: 'DELETE' });
      setIsDone(true);
    });
  };
  return (
    <details class="card erase">
      <summary>{t('erase.title')}</summary>
      {isDone ? <p role="status">{t('erase.done', { name })}</p> : (
        <form class="begin-new" onSubmit={erase}>
          <p class="quiet">{t('erase.text')}</p>
          <label for="erase">{t('erase.type', { name })}</label>
          <input id="erase" autocomplete="off" spellcheck={false} value={typed} onInput={event => setTyped(event.currentTarget.value)} />
          <p><button disabled={!isSure || isBusy}>{t('erase.go', { name })}</button></p>
        </form>
      )}
      <p class="problem-text" role="alert">{said}</p>
    </details>
  );
}
