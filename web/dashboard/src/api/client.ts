// One way to the API: the session's cookie goes by itself, the header says that a page of ours asks, and what is refused is an error that people can read.

export interface FieldError { path: string; message: string; expected?: string }

/** What the API refused (a problem, RFC 9457), or status 0 when it did not answer. */
export class ApiError extends Error {
  constructor(readonly status: number, title: string, readonly detail?: string, readonly errors: FieldError[] = [], readonly retryAfter?: number) {
    super(title);
  }
}

const header = { 'X-LeadFunctions': 'dashboard' };

export async function call<T>(path: string, { method = 'GET', body, key, signal, keepalive }: { method?: string; body?: unknown; key?: string; signal?: AbortSignal; keepalive?: boolean } = {}): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method, signal, keepalive, credentials: 'same-origin',
      headers: { ...header, ...(key ? { Authorization: `Bearer ${key}` } : {}), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body)
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, '');
  }
  if (answer.status === 204) return undefined as T;
  if (answer.ok) return await answer.json() as T;

  const problem = await answer.json().catch(() => ({})) as { title?: string; detail?: string; errors?: FieldError[] };
  throw new ApiError(answer.status, problem.title ?? answer.statusText, problem.detail, problem.errors, Number(answer.headers.get('Retry-After')) || undefined);
}
