// What rules can name: events, properties and traits as they really came, and the ids of what is defined.
import { useEffect, useState } from 'preact/hooks';
import { read } from '../api/load';
import type { Lifecycle, SeenNames } from '../api/types';

/** Members of documents that hold an id, and where the ids are. */
const lists = { segment: '/api/segments', template: '/api/templates', journey: '/api/journeys', content: '/api/content', form: '/api/forms' } as const;

export interface Known {
  events: SeenNames['events'];
  traits: string[];
  /** By the member that holds one. */
  ids: Record<string, string[]>;
}

const none: Known = { events: [], traits: [], ids: {} };

/** Suggestions are no reason to fail: what cannot be read is not suggested. */
const orNothing = <T>(asked: Promise<T>) => asked.catch(() => undefined);

export function useKnown(isWanted: boolean): Known {
  const [known, setKnown] = useState(none);
  useEffect(() => {
    if (!isWanted) return;
    const abort = new AbortController();
    const ask = <T>(path: string) => orNothing(read<T>(path, abort.signal));
    void Promise.all([
      ask<SeenNames>('/api/seen'), ask<{ document: Lifecycle['document'] }>('/api/lifecycle'), ask<{ topics: { id: string }[] }>('/api/settings/topics'),
      ...Object.values(lists).map(path => ask<{ items: { id: string }[] }>(path))
    ]).then(([seen, lifecycle, topics, ...found]) => {
      if (abort.signal.aborted) return;
      setKnown({
        events: seen?.events ?? [], traits: seen?.traits.map(one => one.name) ?? [],
        ids: {
          ...Object.fromEntries(Object.keys(lists).map((member, place) => [member, (found[place] as { items: { id: string }[] } | undefined)?.items.map(one => one.id) ?? []])),
          topic: topics?.topics.map(one => one.id) ?? [], stage: stagesOf(lifecycle?.document)
        }
      });
    });
    return () => abort.abort();
  }, [isWanted]);
  return known;
}

const stagesOf = (document: unknown): string[] => {
  const { stages } = (document ?? {}) as { stages?: { id?: unknown }[] };
  return (stages ?? []).map(one => one.id).filter(id => typeof id === 'string');
};
