// What a page reads. An answer is kept by its address: Back shows at once what was there, and asks anew behind it.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { type ApiError, callTagged } from './client';
import type { FactReading } from './types';

export interface Loaded<T> { data?: T; error?: ApiError; again: () => void }

/** How far the server is with reading what figures are counted from, while it has just begun. */
export const reading = signal<FactReading['reading'] | undefined>(undefined);
const askAgain = 2_000;

const kept = new Map<string, unknown>();
const most = 60;

function keep(path: string, data: unknown) {
  kept.delete(path);
  kept.set(path, data);
  if (kept.size > most) kept.delete(kept.keys().next().value!); // there is one
}

const others = new Set<() => void>();
/** What else is kept of what somebody saw or did is to be forgotten with it. */
export const onForget = (clear: () => void) => void others.add(clear);

/** Everything that was read is forgotten: somebody else may sign in. */
export function forget() {
  kept.clear();
  reading.value = undefined;
  for (const clear of others) clear();
}

/** What was kept under an address; undefined when nothing is. */
export const recall = <T>(path: string) => kept.get(path) as T | undefined;

/** Reads and keeps, and asks again as long as the answer is that there is none yet. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  let isWaiting = false;
  try {
    for (;;) {
      const { data, status } = await callTagged<T>(path, { signal });
      if (status !== 202) {
        reading.value = undefined;
        keep(path, data);
        return data;
      }

      isWaiting = true;
      reading.value = (data as FactReading).reading;
      await new Promise(done => setTimeout(done, askAgain));
      signal?.throwIfAborted();
    }
  } catch (error) {
    if (isWaiting) reading.value = undefined; // nobody waits for it here any more
    throw error;
  }
}

/** null reads nothing. */
export function useLoad<T>(path: string | null): Loaded<T> {
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn(turn => turn + 1), []);
  const [answer, setAnswer] = useState<{ path: string | null; data?: T; error?: ApiError }>({ path: null });
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    read<T>(path, abort.signal).then(
      data => setAnswer({ path, data }),
      error => { if (!abort.signal.aborted) setAnswer({ path, data: recall<T>(path), error }); });
    return () => abort.abort();
  }, [path, turn]);

  const current = answer.path === path ? answer : { data: path === null ? undefined : recall<T>(path) };
  return { data: current.data, error: 'error' in current ? current.error : undefined, again };
}
