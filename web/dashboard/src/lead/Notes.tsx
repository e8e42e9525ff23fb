import { useState } from 'preact/hooks';
import { call, type ApiError } from '../api/client';
import type { Note } from '../api/types';
import { problemText } from '../parts/Failure';
import { When } from '../parts/When';
import { may } from '../session/session';
import { t } from '../words/words';

/** What people said of a lead. A new note is taken in a moment later: until then it stands here as it was sent. */
export function Notes({ path, notes, again }: { path: string; notes: Note[]; again: () => void }) {
  const [sent, setSent] = useState<string>();
  const [error, setError] = useState<string>();
  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const text = new FormData(form).get('text')!.toString().trim(); // the field is in the form
    if (!text) return;
    try {
      await call(`${path}/notes`, { method: 'POST', body: { text } });
      form.reset();
      setSent(text);
      setError(undefined);
      setTimeout(again, 2000);
    } catch (error) {
      setError(problemText(error as ApiError));
    }
  };
  return (
    <>
      <ul class="plain">
        {sent && notes.every(note => note.text !== sent) && <li><p class="note">{sent}</p></li>}
        {notes.map(note => <li><p class="note">{note.text}</p><span class="quiet">{note.by} · <When at={note.at} /></span></li>)}
      </ul>
      {may('sales') && <form onSubmit={add} class="note-form"><label class="hidden" for="note">{t('note.label')}</label><textarea id="note" name="text" rows={2} maxLength={2000} placeholder={t('note.label')} /><button>{t('note.add')}</button><p role="alert" class="problem-text">{error}</p></form>}
    </>
  );
}
