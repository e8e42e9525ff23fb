// Exactly those whom a number counts; and how many it counts besides of whom nothing is kept any more.
import type { ComponentChildren } from 'preact';
import { useLoad } from '../api/load';
import type { LeadAnswer, Page } from '../api/types';
import { type Key, number, t } from '../words/words';
import { called, Grade, nameOf, Stage } from './marks';
import { Pages } from './Pages';
import { exact } from './When';

/** @param times How often they are in the number. */
export interface Person { leadId: string; at?: string; times?: number }
interface CountedPage<P> extends Page<P> { count?: number; notKept?: number; partial?: boolean }

/** @param says What else there is to say of one of them. @param notKept Why the number counts more than there are to show. */
export const Counted = <P extends Person>({ path, says, notKept = 'who.notKept' }: { path: string; says?: (one: P) => ComponentChildren; notKept?: Key }) => (
  <Pages<CountedPage<P>> key={path} path={path}>{(page, isFirst) => (
    <>
      {isFirst && page.count !== undefined && <p class="quiet">{t(page.partial ? 'who.partial' : 'who.count', { count: page.count })}</p>}
      {page.items.length > 0 && <ol class="people">{page.items.map((one, place) => <PersonRow key={`${one.leadId} ${place}`} one={one} says={says?.(one)} />)}</ol>}
      {page.items.length === 0 && (page.nextCursor ? <p class="quiet">{t('who.notYet')}</p> : isFirst && !page.notKept && <p class="quiet">{t('who.none')}</p>)}
      {!!page.notKept && <p class="quiet">{t(notKept, { count: page.notKept })}</p>}
    </>
  )}</Pages>
);

/** Of whom was erased the figure stays, and nothing else. */
export function PersonRow({ one, says }: { one: Person; says?: ComponentChildren }) {
  const { data: lead, error } = useLoad<LeadAnswer>(`/api/leads/${one.leadId}`);
  return (
    <li>
      {lead && <Grade grade={lead.grade} />}
      <span class="grow">{lead ? <a data-row href={`/app/leads/${lead.id}`}>{called({ ...lead, name: nameOf(lead.traits) })}</a> : <span class="quiet">{error?.status === 404 ? t('reports.erased') : error ? one.leadId : '…'}</span>}{says && <span class="quiet">{says}</span>}</span>
      {lead && <Stage stage={lead.stage} />}
      <span class="end">{one.at && exact(one.at, { dateStyle: 'medium' })}{(one.times ?? 1) > 1 && ` · ${number(one.times!, 0)}×`}</span>
    </li>
  );
}
