// One document as it is stored: read, saved, published.
import { callTagged } from '../api/client';
import type { FieldError } from '../api/types';
import { apiOf, type Kind } from './kinds';

export interface Shown { version: number; state?: string; live?: number; latest: number; createdAt?: string; document: unknown; warnings?: FieldError[] | null }
export interface ListedVersion { version: number; state?: string; live?: boolean; wasLive?: boolean; createdAt: string; by?: string; note?: string }
/** What an edit begins from. Without a tag: nothing is stored yet. */
export interface Base { text: string; etag?: string; version: number; live?: number; warnings: FieldError[]; isNew: boolean; comesWithApp?: boolean }

export const written = (document: unknown) => `${JSON.stringify(document, null, 2)}\n`;

const baseOf = (shown: Shown, etag: string | undefined): Base => ({ text: written(shown.document), etag, version: shown.version, live: shown.live, warnings: shown.warnings ?? [], isNew: shown.latest === 0, comesWithApp: shown.state === 'builtIn' });

/** The latest version, with the tag of the document as a whole. */
export async function readLatest(kind: Kind, id: string): Promise<Base> {
  const path = apiOf(kind, id);
  const { data, etag } = await callTagged<Shown>(path);
  return data.version === data.latest ? baseOf(data, etag) : baseOf((await callTagged<Shown>(`${path}/versions/${data.latest}`)).data, etag);
}

export const readVersion = async (kind: Kind, id: string, version: number) => written((await callTagged<Shown>(`${apiOf(kind, id)}/versions/${version}`)).data.document);

/** Warnings of what would be saved; throws what is wrong with it. */
export const check = async (kind: Kind, id: string, text: string, signal: AbortSignal): Promise<FieldError[]> =>
  (await callTagged<Shown>(`${apiOf(kind, id)}?dryRun=true`, { method: 'PUT', body: text, signal })).data.warnings ?? [];

export async function save(kind: Kind, id: string, text: string, base: Base, note?: string): Promise<Base> {
  const { data, etag } = await callTagged<Shown>(`${apiOf(kind, id)}${note ? `?note=${encodeURIComponent(note.slice(0, 200))}` : ''}`,
    { method: 'PUT', body: text, ifMatch: base.etag, ifNoneMatch: base.isNew ? '*' : undefined });
  return { ...baseOf(data, etag), text };
}

/**
 * True when a second person has to agree first.
 * @param isQuiet Unsaid: as it was proposed, else loud.
 */
export const publish = async (kind: Kind, id: string, base: Base, isQuiet?: boolean): Promise<boolean> =>
  (await callTagged(`${apiOf(kind, id)}/publish?version=${base.version}${isQuiet === undefined ? '' : `&quiet=${isQuiet}`}`, { method: 'POST', ifMatch: base.etag })).status === 202;

export const rehearse = async <T>(kind: Kind, id: string, version: number, signal: AbortSignal, isQuiet = false): Promise<T> =>
  (await callTagged<T>(`${apiOf(kind, id)}/publish?version=${version}&dryRun=true${isQuiet ? '&quiet=true' : ''}`, { method: 'POST', signal })).data;
