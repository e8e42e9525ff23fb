// The same document as a form: every field of its schema, conditions and rules as sentences, and what has no better shape as a block of JSON. Whatever is not touched stays as it is.
import { createContext } from 'preact';
import { useContext, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { t } from '../../words/words';
import { written } from '../document';
import { pathOf, type Problem, type Step } from '../problems';
import type { Known } from '../known';
import { alternatives, type Schema } from '../schema';
import { suggestNames, suggestValues } from '../suggest';
import { Field } from './Field';
import { put } from './shape';

interface Form { root: Schema; valuesAt: (steps: readonly Step[]) => string[]; namesAt: (steps: readonly Step[]) => string[]; readOnly: boolean; problemsAt: (steps: readonly Step[]) => Problem[]; change: (steps: readonly Step[], value: unknown) => void }

const Current = createContext<Form | null>(null);
export const useForm = () => useContext(Current)!; // only fields of a form ask

export function FormView({ document, schema, known, problems, edit, readOnly, toCode }: { document: unknown; schema: Schema; known: Known; problems: Problem[]; edit: (text: string) => void; readOnly: boolean; toCode: () => void }) {
  const all = useMemo(() => alternatives(schema, schema), [schema]);
  if (document === null || typeof document !== 'object') return <p class="card">{t('form.noJson')} <button onClick={toCode}>{t('edit.view.code')}</button></p>;
  const form: Form = {
    root: schema, readOnly, valuesAt: steps => suggestValues(known, document, steps), namesAt: steps => suggestNames(known, document, steps),
    problemsAt: steps => problems.filter(problem => problem.path === pathOf(steps)),
    change: (steps, value) => edit(written(put(document, steps, value)))
  };
  return <Current.Provider value={form}><div class="card form"><Field all={all} value={document} steps={[]} label="" /></div></Current.Provider>;
}

/** Text that is written on while it cannot be read yet: the document takes it as soon as it can. */
export function useWriting(now: string, take: (text: string) => boolean) {
  const [text, setText] = useState(now);
  const [isWrong, setIsWrong] = useState(false);
  useLayoutEffect(() => { if (!isWrong) setText(now); }, [now]); // at once with what is drawn, as nothing is typed between
  return {
    text, isWrong,
    write: (next: string) => {
      setText(next);
      setIsWrong(!take(next));
    }
  };
}
