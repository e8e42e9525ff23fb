import type { ApiError } from '../api/client';
import { t } from '../words/words';

/** What went wrong, and what to do. */
export function problemText(error: ApiError): string {
  if (error.status === 0) return t('failure.away');
  if (error.status === 403) return t('failure.forbidden');
  if (error.status === 429) return t('failure.busy', { count: error.retryAfter ?? 5 });
  if (error.status >= 500) return t('failure.broken');
  const fields = (error.errors ?? []).map(field => [field.message, field.expected && t('failure.expected', { expected: field.expected })].filter(Boolean).join(' '));
  return [error.message, error.detail, ...fields].filter(Boolean).join(' ');
}

export function Failure({ error, again }: { error: ApiError; again?: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>{problemText(error)}</p>
      {again && <button onClick={again}>{t('failure.again')}</button>}
    </div>
  );
}
