// The state of one edit: what is stored, what is typed, what is wrong with it.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { may, now } from '../session/session';
import { check, readLatest, save, written, type Base } from './document';
import type { Kind } from './kinds';
import type { Problem } from './problems';
import { keepUnsaved, recallUnsaved } from './unsaved';

/** After the last key. */
const pause = 400;

export interface Edit {
  base?: Base; text: string; isDirty: boolean; problems: Problem[];
  state: 'loading' | 'checking' | 'checked' | 'saving';
  error?: ApiError;
  /** When text that a former visit left unsaved was typed. */
  restoredAt?: string;
  /** Somebody else saved meanwhile: theirs. */
  theirs?: Base;
  edit: (text: string) => void;
  save: (note?: string) => Promise<Base | undefined>;
  discard: () => void;
  /** Ends a conflict with this text, on top of theirs. */
  settle: (text: string) => void;
  reload: () => void;
}

const errorsOf = (error: ApiError): Problem[] => error.errors.length > 0 ? error.errors : [{ path: '$', message: [error.message, error.detail].filter(Boolean).join(' ') }];

export function useDocument(kind: Kind, id: string): Edit {
  const [base, setBase] = useState<Base>();
  const [text, setText] = useState('');
  const [problems, setProblems] = useState<Problem[]>([]);
  const [state, setState] = useState<Edit['state']>('loading');
  const [error, setError] = useState<ApiError>();
  const [restoredAt, setRestoredAt] = useState<string>();
  const [theirs, setTheirs] = useState<Base>();
  const [turn, setTurn] = useState(0);
  const latest = useRef({ text, base });
  latest.current = { text, base };
  const isSaving = useRef(false);

  const begin = useCallback((found: Base) => {
    const kept = recallUnsaved(kind.id, id);
    const isKept = kept !== undefined && kept.text !== found.text;
    // Of an older version: saving it has to show both, so it goes on with the tag that it began with.
    setBase(isKept ? { ...found, etag: kept.etag, isNew: kept.etag === undefined } : found);
    setText(isKept ? kept.text : found.text);
    setRestoredAt(isKept ? kept.at : undefined);
    setError(undefined);
    setState('checked');
    setProblems(isKept ? [] : found.warnings.map(warning => ({ ...warning, isWarning: true })));
  }, []);

  useEffect(() => {
    readLatest(kind, id).then(begin, (error: ApiError) => {
      if (error.status === 404) begin({ text: written(kind.starter(id)), version: 0, warnings: [], isNew: true });
      else setError(error);
    });
  }, [turn]);

  const isDirty = base !== undefined && (text !== base.text || (base.isNew && !base.comesWithApp)); // what comes with the app is whole as it is
  useEffect(() => {
    if (!base || !may('marketer')) return;
    if (text === base.text && !base.isNew) {
      // As it is stored again: what was wrong meanwhile is no more.
      setProblems(base.warnings.map(warning => ({ ...warning, isWarning: true })));
      setError(undefined);
      setState('checked');
      return;
    }
    setState('checking');
    const abort = new AbortController();
    const timer = setTimeout(() => check(kind, id, text, abort.signal).then(
      warnings => {
        setProblems(warnings.map(warning => ({ ...warning, isWarning: true })));
        setError(undefined);
        setState('checked');
      },
      (error: ApiError) => {
        if (abort.signal.aborted) return;
        if (error.status === 400 || error.status === 413) {
          setProblems(errorsOf(error));
          setError(undefined);
        } else setError(error);
        setState('checked');
      }), pause);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, base]);

  const edit = useCallback((text: string) => {
    const { base } = latest.current;
    latest.current.text = text;
    setText(text);
    keepUnsaved(kind.id, id, base && text === base.text ? undefined : { text, etag: base?.etag, at: new Date(now()).toISOString() });
  }, []);

  const store = async (note?: string): Promise<Base | undefined> => {
    const { base, text } = latest.current;
    if (!base || isSaving.current) return undefined;
    isSaving.current = true;
    setState('saving');
    try {
      const saved = await save(kind, id, text, base, note);
      const { text: typed } = latest.current; // somebody may have typed on
      keepUnsaved(kind.id, id, typed === text ? undefined : { text: typed, etag: saved.etag, at: new Date(now()).toISOString() });
      setBase(saved);
      setRestoredAt(undefined);
      setError(undefined);
      setProblems(saved.warnings.map(warning => ({ ...warning, isWarning: true })));
      return saved;
    } catch (caught) {
      const error = caught as ApiError;
      if (error.status === 412) await readLatest(kind, id).then(setTheirs, setError);
      else if (error.status === 400 || error.status === 413) setProblems(errorsOf(error));
      else setError(error);
      return undefined;
    } finally {
      isSaving.current = false;
      setState('checked');
    }
  };

  return {
    base, text, isDirty, problems, state, error, restoredAt, theirs, edit, save: store,
    discard: () => {
      keepUnsaved(kind.id, id, undefined);
      setRestoredAt(undefined);
      setTurn(turn => turn + 1);
    },
    settle: (mine: string) => {
      const onto = theirs!; // there is a conflict
      setBase(onto);
      latest.current = { text: mine, base: onto };
      setTheirs(undefined);
      edit(mine);
    },
    reload: () => setTurn(turn => turn + 1)
  };
}
