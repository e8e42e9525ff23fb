import { useEffect, useState } from 'preact/hooks';
import { callTagged, type ApiError } from '../api/client';
import { written } from '../definitions/document';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { t } from '../words/words';

/** What answers have beside the document. */
const besides = ['changedBy'];

/** A setting as its document. Saved only over what was read. */
export function SettingText({ name }: { name: 'messaging' | 'topics' | 'approvals' | 'holdout' }) {
  const path = `/api/settings/${name}`;
  const [read, setRead] = useState<{ text: string; etag?: string }>();
  const [text, setText] = useState('');
  const [error, setError] = useState<ApiError>();
  const [turn, setTurn] = useState(0);
  const [isSaved, setIsSaved] = useState(false);
  const { said, isBusy, act } = useSaying();
  const take = ({ data, etag }: { data: object; etag?: string }) => {
    const document = written(Object.fromEntries(Object.entries(data).filter(([name]) => !besides.includes(name))));
    setRead({ text: document, etag });
    setText(document);
  };
  useEffect(() => { callTagged<object>(path).then(answer => { take(answer); setError(undefined); }, setError); }, [turn]);
  const save = () => act(async () => {
    take(await callTagged<object>(path, { method: 'PUT', body: text, ...(read?.etag ? { ifMatch: read.etag } : { ifNoneMatch: '*' }) }));
    setIsSaved(true);
  });
  return (
    <section class="card">
      <h2 id={`setting-${name}`}>{t(`setting.${name}`)}</h2>
      {error && <Failure error={error} again={() => setTurn(turn + 1)} />}
      <p class="quiet">{t(`setting.${name}.text`)}</p>
      <textarea class="setting" disabled={!read || isBusy} aria-labelledby={`setting-${name}`} spellcheck={false} rows={Math.min(20, Math.max(3, text.split('\n').length))} value={text} onInput={event => { setText(event.currentTarget.value); setIsSaved(false); }} />
      <p class="row"><button disabled={isBusy || !read || text === read.text} onClick={save}>{t('setting.save')}</button><span role="status" class="quiet">{isSaved && t('setting.saved')}</span></p>
      <p class="problem-text" role="alert">{said}</p>
    </section>
  );
}
