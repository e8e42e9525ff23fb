import { useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { HandOver, Lifecycle, Page, QueuedLead, TimelineItem } from '../api/types';
import { Failure } from '../parts/Failure';
import { called, Grade, Stage } from '../parts/marks';
import { exact, relative, When } from '../parts/When';
import { may } from '../session/session';
import { useKeys } from '../shell/keys';
import { number, t } from '../words/words';
import { Choices, type Choice } from './Choices';
import { acceptance, decide, reasonsFor, rejection, type Decision } from './decisions';

const agains = ['twoWeeks', 'oneMonth', 'threeMonths'] as const;
const acts = 5;

/** The lead in hand: why, how to reach it, what it did, and what becomes of it. */
export function OpenLead({ lead, place, count, previous, next }: { lead: QueuedLead; place: number; count: number; previous?: () => void; next?: () => void }) {
  const path = `/api/leads/${lead.leadId}`;
  const { data: hand, error, again } = useLoad<HandOver>(`${path}/handover`);
  const timeline = useLoad<Page<TimelineItem>>(`${path}/timeline?limit=30`);
  // What the person did: events from inside have no source, or a journey's.
  const done = timeline.data?.items.filter(item => (item.type === 'page' || item.type === 'track') && item.source && item.source !== 'journey' && !item.source.startsWith('carrier/')).slice(0, acts);
  const name = called(lead);
  return (
    <article class="card open-lead" aria-labelledby="open-name">
      <p class="row quiet"><span class="grow">{t('sales.place', { place, count })}</span><button disabled={!previous} onClick={previous} aria-keyshortcuts="k" aria-label={t('sales.previous')}>←</button><button disabled={!next} onClick={next} aria-keyshortcuts="j" aria-label={t('sales.next')}>→</button></p>
      <h2 id="open-name"><a href={`/app/leads/${lead.leadId}`}>{name}</a></h2>
      <p class="row"><Grade grade={lead.grade} /><Stage stage={lead.stage} /><Clock until={lead.slaUntil} missed={lead.slaMissed} isLong /></p>
      <p class="sentence">{t('sales.sentence', { engagement: number(lead.engagement, 0), seen: lead.lastSeen ? relative(lead.lastSeen) : t('sales.never'), owner: lead.owner ?? t('lead.nobody') })}</p>
      {error && !hand && <Failure error={error} again={again} />}
      {hand && <Contact hand={hand} />}
      {may('sales') && <Deciding lead={lead} />}
      <div class="tall">
        {hand && hand.why.length > 0 && <><h3>{t('sales.why')}</h3><ul class="plain">{hand.why.slice(0, 4).map(why => <li>{why}</li>)}</ul></>}
        {!!done?.length && <><h3>{t('sales.acts')}</h3><ul class="plain">{done.map(item => <li><b>{item.type === 'page' ? t('event.page') : item.name}</b> <span class="break">{shownOf(item)}</span> <span class="quiet"><When at={item.at} /></span></li>)}</ul></>}
        {!!hand?.notes.length && <><h3>{t('standing.notes')}</h3><ul class="plain">{hand.notes.slice(0, 3).map(note => <li>{note.text} <span class="quiet">{note.by} · <When at={note.at} /></span></li>)}</ul></>}
      </div>
    </article>
  );
}

const shownOf = ({ properties = {} }: TimelineItem) => String(properties.title ?? properties.path ?? properties.name ?? properties.text ?? '');

const Contact = ({ hand }: { hand: HandOver }) => (
  <ul class="contact">
    {hand.phone && <li><a class="button" href={`tel:${hand.phone}`}>{t('sales.call', { phone: hand.phone })}</a></li>}
    {hand.email && <li><a class="button" href={`mailto:${hand.email}`}>{hand.email}</a></li>}
    {(hand.company?.name || hand.title) && <li>{[hand.title, hand.company?.name, hand.company?.employees && t('sales.employees', { count: Number(hand.company.employees) || 0 })].filter(Boolean).join(' · ')}</li>}
  </ul>
);

export function Clock({ until, missed, isLong }: { until?: string; missed: boolean; isLong?: boolean }) {
  if (!until) return null;
  return <span class={missed ? 'clock missed' : 'clock'} title={exact(until)}>{missed ? '▲ ' : ''}{isLong ? t(missed ? 'sla.missedFor' : 'sla.left', { at: relative(until) }) : relative(until)}</span>;
}

/** Two keys: what, and why. */
function Deciding({ lead }: { lead: QueuedLead }) {
  const [open, setOpen] = useState<'reject' | 'recycle' | null>(null);
  const lifecycle = useLoad<Lifecycle>('/api/lifecycle');
  const reasons = lifecycle.data?.document.reasons;
  const act = (decision: Decision) => decide(lead, decision);
  const notNow = reasonsFor('recycled', reasons);
  const choices: Choice[] = open === 'reject'
    ? reasonsFor(rejection(lead), reasons).map(reason => ({ text: reason, act: () => act({ stage: rejection(lead), reason }) }))
    : agains.map(again => ({ text: t(`again.${again}`), act: () => act({ stage: 'recycled', reason: notNow.includes('not now') ? 'not now' : notNow[0], note: t('again.note', { when: t(`again.${again}`) }) }) }));
  useKeys(event => {
    if (event.key === 'a') act(acceptance(lead));
    else if (event.key === 'r') setOpen('reject');
    else if (event.key === 'c') setOpen('recycle');
    else if (event.key === 'Escape') setOpen(null);
    else return false;
    return true;
  });

  return (
    <div class="deciding">
      <div class="decisions">
        <button class="primary" onClick={() => act(acceptance(lead))} aria-keyshortcuts="a">{t(`decide.${acceptance(lead).stage as 'accepted'}`)} <kbd aria-hidden="true">A</kbd></button>
        <button onClick={() => setOpen(open === 'reject' ? null : 'reject')} aria-expanded={open === 'reject'} aria-keyshortcuts="r">{t(`decide.${rejection(lead) as 'rejected'}`)} <kbd aria-hidden="true">R</kbd></button>
        <button onClick={() => setOpen(open === 'recycle' ? null : 'recycle')} aria-expanded={open === 'recycle'} aria-keyshortcuts="c">{t('decide.recycled')} <kbd aria-hidden="true">C</kbd></button>
      </div>
      {open && <Choices label={t(open === 'reject' ? 'decide.whyNot' : 'decide.againIn')} choices={choices} />}
    </div>
  );
}
