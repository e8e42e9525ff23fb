import { useRef } from 'preact/hooks';
import { t } from '../words/words';
import { CodeView } from './code/CodeView';
import type { Base } from './document';

/** Somebody else saved meanwhile. Theirs is struck through where mine differs, and can be taken over piece by piece; nothing is lost either way. */
export function Conflict({ mine, theirs, settle }: { mine: string; theirs: Base; settle: (text: string) => void }) {
  const merged = useRef(mine);
  return (
    <section class="card conflict" aria-labelledby="conflict">
      <h2 id="conflict">{t('conflict.title', { version: theirs.version })}</h2>
      <p>{t('conflict.text')}</p>
      <CodeView label={t('conflict.both')} text={mine} against={theirs.text} takesOver onChange={text => { merged.current = text; }} />
      <p class="row">
        <button class="primary" onClick={() => settle(merged.current)}>{t('conflict.merged')}</button>
        <button onClick={() => settle(mine)}>{t('conflict.mine')}</button>
        <button onClick={() => settle(theirs.text)}>{t('conflict.theirs')}</button>
      </p>
    </section>
  );
}
