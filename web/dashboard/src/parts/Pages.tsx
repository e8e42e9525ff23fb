// A list that goes on: page after page, each read when somebody asks for it.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { Page } from '../api/types';
import { t } from '../words/words';
import { Failure } from './Failure';

/** @param children Draws a page of it; the first one may have words for there being nothing. */
interface Drawn<P> { path: string; children: (page: P, isFirst: boolean, again: () => void) => ComponentChildren }

export function Pages<P extends Page<unknown>>({ path, children }: Drawn<P>) {
  const [cursors, setCursors] = useState<string[]>([]);
  return (
    <>{[undefined, ...cursors].map((cursor, place) => (
      <Part key={cursor ?? ''} path={cursor ? `${path}&cursor=${cursor}` : path} isFirst={place === 0} more={place === cursors.length ? next => setCursors([...cursors, next]) : undefined}>{children}</Part>
    ))}</>
  );
}

function Part<P extends Page<unknown>>({ path, children, isFirst, more }: Drawn<P> & { isFirst: boolean; more?: (cursor: string) => void }) {
  const { data, error, again } = useLoad<P>(path);
  if (!data) return error ? <Failure error={error} again={again} /> : <div class="tall" />;
  return <>{children(data, isFirst, again)}{more && data.nextCursor && <button onClick={() => more(data.nextCursor!)}>{t('leads.more')}</button>}</>;
}
