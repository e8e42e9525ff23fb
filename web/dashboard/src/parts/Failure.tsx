import type { ApiError } from '../api/client';
import { t } from '../words/words';
import { Said } from './Said';

/** In our own words, where the server's would not help. */
const ownText = (error: ApiError) => error.status === 0 ? t('failure.away') : error.status === 403 ? t('failure.forbidden') : error.status === 429 ? t('failure.busy', { count: error.retryAfter ?? 5 }) : error.status >= 500 ? t('failure.broken') : undefined;

/** What went wrong, and what to do. */
export const problemText = (error: ApiError) => ownText(error) ?? serverText(error);

const serverText = (error: ApiError) => [error.message, error.detail, ...(error.errors ?? []).map(field => [field.message, field.expected && t('failure.expected', { expected: field.expected })].filter(Boolean).join(' '))].filter(Boolean).join(' ');

export function Failure({ error, again }: { error: ApiError; again?: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>{ownText(error) ?? <Said>{serverText(error)}</Said>}</p>
      {again && <button onClick={again}>{t('failure.again')}</button>}
    </div>
  );
}
