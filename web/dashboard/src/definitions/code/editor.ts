// The code view: JSON with the server's errors at their places, completion by the schema, and two texts side by side. Loaded when first needed; nobody else knows CodeMirror.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { fixesOf, stepsOf, type Problem } from '../problems';
import type { Known } from '../known';
import type { Schema } from '../schema';
import { completeBy } from './complete';
import { look } from './look';
import { phrases } from './phrases';
import { rangeOf } from './place';

export interface Wanted {
  label: string;
  text: string;
  /** Shown beside it, or where that is too narrow in it: what is only there is struck through, what is only here is marked. */
  against?: string;
  /** What is only in the other text can be taken over, piece by piece. */
  takesOver?: boolean;
  onChange?: (text: string) => void;
  onFix?: (problem: Problem, right: string) => void;
  /** Of buttons that put in the right word. */
  fixLabel?: (right: string) => string;
}

export interface Code {
  replace(text: string): void;
  mark(problems: Problem[]): void;
  reveal(problem: Problem): void;
  complete(schema: Schema, known: Known): void;
  close(): void;
}

/** Two texts side by side need so many pixels. */
const besideFrom = 720;

export function openCode(root: ShadowRoot, parent: HTMLElement, { label, text, against, takesOver, onChange, onFix, fixLabel }: Wanted): Code {
  const completion = new Compartment();
  let silent = false;
  const common: Extension[] = [look, phrases(), lineNumbers(), json(), EditorView.lineWrapping, EditorView.contentAttributes.of({ 'aria-label': label })];
  if (against !== undefined && !takesOver && parent.clientWidth >= besideFrom) {
    const one = (doc: string) => ({ doc, extensions: [...common, EditorState.readOnly.of(true)] });
    const both = new MergeView({ root, parent, a: one(against), b: one(text), gutter: true, collapseUnchanged: { margin: 3, minSize: 6 } });
    return { replace: () => undefined, mark: () => undefined, reveal: () => undefined, complete: () => undefined, close: () => both.destroy() };
  }

  const extensions: Extension[] = [
    ...common, bracketMatching(), foldGutter(),
    ...(onChange
      ? [history(), indentOnInput(), closeBrackets(), lintGutter(), completion.of([]), EditorView.updateListener.of(update => { if (update.docChanged && !silent) onChange(update.state.doc.toString()); })]
      : [EditorState.readOnly.of(true)]),
    ...(against === undefined ? [] : [unifiedMergeView({ original: against, mergeControls: !!takesOver, collapseUnchanged: { margin: 3, minSize: 6 }, gutter: true })]),
    keymap.of([
      ...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...foldKeymap, ...historyKeymap, ...defaultKeymap
    ])
  ];
  const view = new EditorView({ root, parent, state: EditorState.create({ doc: text, extensions }) });

  // Of what is no JSON the server tells the line and the byte; else where in the document.
  const rangeIn = (problem: Problem) => {
    const [, line, byte] = /line (\d+), byte (\d+)/.exec(problem.path === '$' ? problem.message : '') ?? [];
    if (!line || Number(line) > view.state.doc.lines) return rangeOf(view.state, stepsOf(problem.path) ?? []);
    const { from, to } = view.state.doc.line(Number(line));
    const at = Math.max(from, Math.min(to, from + Number(byte) - 1));
    return { from: at > from && at === to ? at - 1 : at, to: Math.min(to, at + 1) };
  };
  return {
    replace(text) {
      if (text === view.state.doc.toString()) return;
      silent = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      silent = false;
    },
    mark(problems) {
      const diagnostics = problems.map((problem): Diagnostic => ({
        ...rangeIn(problem), severity: problem.isWarning ? 'warning' : 'error', message: [problem.message, problem.expected].filter(Boolean).join(' — '),
        actions: onFix && fixesOf(problem).length <= 3 ? fixesOf(problem).map(right => ({ name: fixLabel?.(right) ?? right, apply: () => onFix(problem, right) })) : []
      }));
      view.dispatch(setDiagnostics(view.state, diagnostics.sort((one, other) => one.from - other.from)));
    },
    reveal(problem) {
      const { from, to } = rangeIn(problem);
      view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
      view.focus();
    },
    complete: (schema, known) => view.dispatch({ effects: completion.reconfigure(autocompletion({ override: [completeBy(schema, known)], icons: false })) }),
    close: () => view.destroy()
  };
}
