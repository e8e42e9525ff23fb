import { useEffect, useState } from 'preact/hooks';
import { callTagged, type ApiError } from '../api/client';
import { written } from '../definitions/document';
import { keepUnsaved, recallUnsaved } from '../definitions/unsaved';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { exact } from '../parts/When';
import { now } from '../session/session';
import { t } from '../words/words';

/** What answers have beside the document. */
const besides = ['changedBy'];

/** Where text that was not saved is kept, beside that of definitions. */
const unsavedKind = 'settings';

/** A setting as its document. Saved only over what was read; what was typed and not saved is there again later. */
export function SettingText({ name }: { name: 'messaging' | 'topics' | 'approvals' | 'holdout' }) {
  const path = `/api/settings/${name}`;
  const [read, setRead] = useState<{ text: string; etag?: string }>();
  const [text, setText] = useState('');
  const [error, setError] = useState<ApiError>();
  const [turn, setTurn] = useState(0);
  const [isSaved, setIsSaved] = useState(false);
  const [restoredAt, setRestoredAt] = useState<string>();
  const { said, isBusy, act } = useSaying();
  const take = ({ data, etag }: { data: object; etag?: string }) => {
    const document = written(Object.fromEntries(Object.entries(data).filter(([name]) => !besides.includes(name))));
    const kept = recallUnsaved(unsavedKind, name);
    const isKept = kept !== undefined && kept.text !== document;
    setRead({ text: document, etag: isKept ? kept.etag : etag }); // over what it was written over, and nothing else
    setText(isKept ? kept.text : document);
    setRestoredAt(isKept ? kept.at : undefined);
  };
  const write = (text: string) => {
    setText(text);
    setIsSaved(false);
    keepUnsaved(unsavedKind, name, text === read?.text ? undefined : { text, etag: read?.etag, at: new Date(now()).toISOString() });
  };
  const discard = () => {
    keepUnsaved(unsavedKind, name, undefined);
    setRestoredAt(undefined);
    setTurn(turn + 1);
  };
  useEffect(() => { callTagged<object>(path).then(answer => { take(answer); setError(undefined); }, setError); }, [turn]);
  const save = () => act(async () => {
    const saved = await callTagged<object>(path, { method: 'PUT', body: text, ...(read?.etag ? { ifMatch: read.etag } : { ifNoneMatch: '*' }) });
    keepUnsaved(unsavedKind, name, undefined);
    take(saved);
    setIsSaved(true);
  });
  return (
    <section class="card">
      <h2 id={`setting-${name}`}>{t(`setting.${name}`)}</h2>
      {error && <Failure error={error} again={() => setTurn(turn + 1)} />}
      <p class="quiet">{t(`setting.${name}.text`)}</p>
      {restoredAt && <p class="ribbon" role="status">{t('edit.restored', { at: exact(restoredAt) })} <button onClick={discard}>{t('edit.discard')}</button></p>}
      <textarea class="setting" disabled={!read || isBusy} aria-labelledby={`setting-${name}`} spellcheck={false} rows={Math.min(20, Math.max(3, text.split('\n').length))} value={text} onInput={event => write(event.currentTarget.value)} />
      <p class="row"><button disabled={isBusy || !read || text === read.text} onClick={save}>{t('setting.save')}</button><span role="status" class="quiet">{isSaved && t('setting.saved')}</span></p>
      <p class="problem-text" role="alert">{said}</p>
    </section>
  );
}
