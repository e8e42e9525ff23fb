import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../words/words';
import type { Problem } from '../problems';
import type { Known } from '../known';
import type { Schema } from '../schema';
import type { Code, Wanted } from './editor';

interface Asked extends Wanted { problems?: Problem[]; schema?: Schema; known?: Known; ready?: (code: Code) => void }

/** CodeMirror in a shadow root: there it may style itself though the page's policy allows no styles but the page's own. What it shows follows `text` and `problems`; all else is as at first. */
export function CodeView(asked: Asked) {
  const host = useRef<HTMLDivElement>(null);
  const [code, setCode] = useState<Code>();
  const [failed, setFailed] = useState(false);
  const latest = useRef(asked);
  latest.current = asked;

  useEffect(() => {
    let opened: Code | undefined;
    let isGone = false;
    import('./editor').then(({ openCode }) => {
      if (isGone) return;
      const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: 'open' }); // it is drawn
      const parent = document.createElement('div');
      root.replaceChildren(parent);
      const now = latest.current;
      opened = openCode(root, parent, {
        ...now,
        onChange: now.onChange && (text => latest.current.onChange?.(text)), onFix: now.onFix && ((problem, right) => latest.current.onFix?.(problem, right))
      });
      setCode(opened);
      now.ready?.(opened);
    }, () => setFailed(true));
    return () => {
      isGone = true;
      opened?.close();
    };
  }, []);
  // At once with what is drawn: later it would write over what was typed meanwhile.
  useLayoutEffect(() => code?.replace(asked.text), [code, asked.text]);
  useEffect(() => { if (asked.problems) code?.mark(asked.problems); }, [code, asked.problems]);
  useEffect(() => { if (asked.schema && asked.known) code?.complete(asked.schema, asked.known); }, [code, asked.schema, asked.known]);

  return (
    <div class="code">
      <div ref={host} />
      {!code && (failed ? <p class="problem-text" role="alert">{t('code.failed')}</p> : <pre aria-hidden="true">{asked.text}</pre>)}
    </div>
  );
}
