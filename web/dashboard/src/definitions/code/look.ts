// How the code view looks: by the page's own colours, in light and dark.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--text)', fontSize: '13px', borderRadius: '11px' },
  '&.cm-focused': { outline: 'none' }, // the page shows it around all of it
  '&.cm-merge-a, &.cm-merge-b': { borderRadius: '0' },
  '.cm-content, .cm-gutter': { minHeight: '198px' },
  '.cm-scroller': { fontFamily: 'ui-monospace, monospace', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--text)', padding: '10px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--quiet)', border: 'none', borderTopLeftRadius: '11px', borderBottomLeftRadius: '11px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--select) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--line)', borderRadius: '8px', maxWidth: 'min(90vw, 520px)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--soft)', color: 'var(--text)' },
  '.cm-completionDetail': { color: 'var(--quiet)', fontStyle: 'normal', marginLeft: '1em' },
  '.cm-diagnostic': { padding: '8px 12px', borderLeft: '3px solid var(--warn)', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--caution)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--warn)', textUnderlineOffset: '3px' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--caution)', textUnderlineOffset: '3px' },
  '.cm-lint-marker': { width: '14px', height: '14px' },
  '.cm-changedText': { background: 'var(--good-soft) !important' },
  '&.cm-merge-a .cm-changedText': { background: 'color-mix(in srgb, var(--warn) 9%, transparent) !important' },
  '&.cm-merge-a .cm-changedLine': { backgroundColor: 'var(--warn-soft) !important' },
  '.cm-changedLine': { backgroundColor: 'color-mix(in srgb, var(--good-soft) 45%, transparent) !important' },
  '.cm-deletedChunk': { backgroundColor: 'var(--warn-soft)' },
  '.cm-deletedChunk .cm-deletedText': { background: 'color-mix(in srgb, var(--warn) 9%, transparent)' },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: 'none' },
  '.cm-collapsedLines': { background: 'var(--raised)', color: 'var(--quiet)' }
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
  { tag: [tags.separator, tags.brace, tags.squareBracket], color: 'var(--quiet)' }
]);

export const look = [theme, syntaxHighlighting(colours)];
