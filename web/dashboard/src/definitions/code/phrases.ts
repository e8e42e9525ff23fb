// What CodeMirror says by itself, to readers of screens mostly, in the page's language.
import { EditorState } from '@codemirror/state';
import { t } from '../../words/words';

/** By CodeMirror's own English; `$` is a number. */
export const phrases = () => EditorState.phrases.of({
  'Completions': t('code.completions'), 'Selection deleted': t('code.deleted'), 'Control character': t('code.control'), 'close': t('keys.close'),
  'Diagnostics': t('edit.problems'), 'No diagnostics': t('edit.fine'),
  'Fold line': t('code.fold'), 'Unfold line': t('code.unfold'), 'unfold': t('code.unfold'), 'folded code': t('code.folded'), 'Folded lines': t('code.foldedLines'), 'Unfolded lines': t('code.unfoldedLines'), 'to': t('code.to'),
  '$ unchanged lines': t('code.unchanged'), 'Accept': t('code.accept'), 'Reject': t('code.reject'), 'Revert this chunk': t('code.revert')
});
