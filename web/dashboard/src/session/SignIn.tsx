import { useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { problemText } from '../parts/Failure';
import { t } from '../words/words';
import { signIn } from './session';

export function SignIn() {
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem('key') as HTMLInputElement;
    setBusy(true);
    try {
      await signIn(field.value.trim());
    } catch (error) {
      setError(error instanceof ApiError && (error.status === 401 || error.status === 403) ? t('signIn.refused') : problemText(error as ApiError));
      setBusy(false);
      field.select();
    }
  };

  return (
    <main class="sign-in">
      <form class="card" onSubmit={submit}>
        <h1>LeadFunctions</h1>
        <label for="key">{t('signIn.key')}</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required autofocus aria-describedby="key-help" aria-invalid={!!error} spellcheck={false} />
        <p id="key-help" class="quiet">{t('signIn.help')}</p>
        <p role="alert" class="problem-text">{error}</p>
        <button class="primary" disabled={busy}>{t('signIn.go')}</button>
      </form>
    </main>
  );
}
