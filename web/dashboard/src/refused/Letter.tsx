import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { DeadLetter } from '../api/types';
import { Said } from '../parts/Said';
import { useSaying } from '../parts/useSaying';
import { When } from '../parts/When';
import { may } from '../session/session';
import { t } from '../words/words';

/** One that could not be taken in: put back after a fix, or deleted for good, which takes a second button. */
export function Letter({ letter, again }: { letter: DeadLetter; again: () => void }) {
  const [isSure, setIsSure] = useState(false);
  const { said, isBusy, act } = useSaying();
  const path = `/api/dead-letters/${encodeURIComponent(letter.id)}`;
  const tell = (path: string, method: string) => act(async () => {
    await call(path, { method });
    again();
  });
  return (
    <li class="card">
      <p class="row" data-row tabIndex={-1}><b class="grow break"><Said>{letter.reason}</Said></b>
        {may('admin') && <>
          <button disabled={isBusy} aria-label={t('refused.replayOf', { id: letter.id })} onClick={() => tell(`${path}/replay`, 'POST')}>{t('refused.replay')}</button>
          <button aria-expanded={isSure} aria-label={t('refused.removeOf', { id: letter.id })} onClick={() => setIsSure(!isSure)}>{t('refused.remove')}</button>
          {isSure && <button class="primary" disabled={isBusy} onClick={() => tell(path, 'DELETE')}>{t('refused.removeGo')}</button>}
        </>}</p>
      <p class="quiet"><When at={letter.at} /> · {letter.queue} · <code class="break">{letter.id}</code></p>
      <p class="problem-text" role="alert">{said}</p>
    </li>
  );
}
