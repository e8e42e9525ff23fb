// One way to the API: the session's cookie goes by itself, the header says that a page of ours asks, and what is refused is an error that people can read.

import { signedOut } from '../session/session';
import type { FieldError } from './types';

/** What the API refused (a problem, RFC 9457), or status 0 when it did not answer. */
export class ApiError extends Error {
  constructor(readonly status: number, title: string, readonly detail?: string, readonly errors: FieldError[] = [], readonly retryAfter?: number) {
    super(title);
  }
}

const header = { 'X-LeadFunctions': 'dashboard' };

interface Asked { method?: string; body?: unknown; key?: string; ifMatch?: string; ifNoneMatch?: string; once?: string; signal?: AbortSignal; keepalive?: boolean }

/** What was answered, unless it was refused. */
export async function ask(path: string, { method = 'GET', body, key, ifMatch, ifNoneMatch, once, signal, keepalive }: Asked = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method, signal, keepalive, credentials: 'same-origin',
      headers: {
        ...header, ...(key ? { Authorization: `Bearer ${key}` } : {}), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(ifMatch ? { 'If-Match': ifMatch } : {}), ...(ifNoneMatch ? { 'If-None-Match': ifNoneMatch } : {}), ...(once ? { 'Idempotency-Key': once } : {})
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, '');
  }
  if (answer.ok) return answer;

  if (answer.status === 401 && !key) signedOut(); // the session is over: what is typed stays, and is there after the next sign-in
  const problem = await answer.json().catch(() => ({})) as { title?: string; detail?: string; errors?: FieldError[] };
  throw new ApiError(answer.status, problem.title ?? answer.statusText, problem.detail, problem.errors, Number(answer.headers.get('Retry-After')) || undefined);
}

/** As data, with its ETag where it has one: sent back as `ifMatch`, it changes only what was read. */
export async function callTagged<T>(path: string, asked: Asked = {}): Promise<{ data: T; etag?: string; status: number }> {
  const answer = await ask(path, asked);
  return { data: answer.status === 204 ? undefined as T : await answer.json() as T, etag: answer.headers.get('ETag') ?? undefined, status: answer.status };
}

export const call = async <T>(path: string, asked: Asked = {}): Promise<T> => (await callTagged<T>(path, asked)).data;
