// What comes in, asked every two seconds while the page is seen: that is also what has it written down.
import { useEffect, useReducer, useRef } from 'preact/hooks';
import { type ApiError, call } from '../api/client';
import type { Tail, TailItem } from '../api/types';

const pause = 2_000;
const most = 300;
/** What has become of an event as far as is known outranks what was known before. */
const ranks = { accepted: 0, refused: 1, duplicate: 2, failed: 3, applied: 4 };

export interface Stream { items: TailItem[]; waiting: number; came: number; notShown: number; answer?: Tail; error?: ApiError; again: () => void }

/**
 * @param query Which of it: another begins anew. null asks nothing.
 * @param isHeld New ones wait and are counted; those on the page are still told of.
 */
export function useTail(query: string | null, isHeld = false): Stream {
  const [, draw] = useReducer((turn: number, _: void) => turn + 1, 0);
  const state = useRef<{ query: string | null; all: Map<string, TailItem>; shown: TailItem[]; isFilled: boolean; held: boolean; came: number; notShown: number; answer?: Tail; error?: ApiError; ask?: () => void }>({ query: null, all: new Map(), shown: [], isFilled: false, held: false, came: 0, notShown: 0 });
  const now = state.current;
  if (now.query !== query) state.current = { query, all: new Map(), shown: [], isFilled: false, held: isHeld, came: 0, notShown: 0 };
  state.current.held = isHeld;

  useEffect(() => {
    if (query === null) return;
    const [mine, abort] = [state.current, new AbortController()];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isAsking = false;
    const ask = async () => {
      clearTimeout(timer);
      if (isAsking || document.visibilityState !== 'visible') return;
      isAsking = true;
      try {
        take(mine, await call<Tail>(`/api/tail?${query}${mine.answer ? `&cursor=${mine.answer.nextCursor}` : ''}`, { signal: abort.signal }));
      } catch (error) {
        if (abort.signal.aborted) return;
        mine.error = error as ApiError;
      }
      isAsking = false;
      draw();
      timer = setTimeout(ask, pause);
    };
    mine.ask = ask;
    document.addEventListener('visibilitychange', ask);
    void ask();
    return () => { abort.abort(); clearTimeout(timer); document.removeEventListener('visibilitychange', ask); };
  }, [query]);

  const { all, shown, came, notShown, answer, error, ask } = state.current;
  // What the first answer has is no news: nobody reads anything yet that it could move.
  const isFirst = !state.current.isFilled;
  if (!isHeld || isFirst) state.current.shown = sorted(all);
  if (answer) state.current.isFilled = true;
  const items = isHeld && !isFirst ? shown.map(item => all.get(item.id) ?? item) : state.current.shown;
  return { items, waiting: all.size - items.length, came, notShown, answer, error, again: () => void ask?.() };
}

const sorted = (all: Map<string, TailItem>) => [...all.values()].sort((a, b) => a.id < b.id ? 1 : -1);

function take(state: { all: Map<string, TailItem>; shown: TailItem[]; held: boolean; came: number; notShown: number; answer?: Tail; error?: ApiError }, answer: Tail) {
  for (const item of answer.items) {
    const known = state.all.get(item.id);
    if (!known) state.came++;
    if (!known || ranks[item.outcome] >= ranks[known.outcome]) state.all.set(item.id, { ...known, ...item });
  }
  for (const old of sorted(state.all).slice(most)) if (!state.held || !state.shown.some(item => item.id === old.id)) state.all.delete(old.id);
  state.notShown += answer.notShown;
  state.answer = answer;
  state.error = undefined;
}
