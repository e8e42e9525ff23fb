import { call, callTagged } from '../api/client';
import type { ShownSource } from '../api/types';

/** Of a source as it is now; who changed it meanwhile is not overwritten. */
export async function changeOrigins(id: string, change: (before: string[]) => string[]) {
  const path = `/api/sources/${encodeURIComponent(id)}`;
  const { data: { id: _, keys: __, ...document }, etag } = await callTagged<ShownSource>(path);
  const allowedOrigins = [...new Set(change(document.allowedOrigins))];
  await call(path, { method: 'PUT', body: { ...document, allowedOrigins }, ...(etag ? { ifMatch: etag } : { ifNoneMatch: '*' }) });
}
