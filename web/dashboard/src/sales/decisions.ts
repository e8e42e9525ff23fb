// What sales decides. A decision waits ten seconds before it is sent: until then it can be taken back without a trace, and nothing that reaches people was begun. Who leaves sends it at once.
import { signal } from '@preact/signals';
import { call, type ApiError } from '../api/client';
import { onForget } from '../api/load';
import type { QueuedLead, Stages } from '../api/types';
import { problemText } from '../parts/Failure';
import { called, stageName } from '../parts/marks';
import { beforeSignOut } from '../session/session';
import { t } from '../words/words';

export interface Decision { stage: string; reason?: string; note?: string }
interface Waiting { lead: QueuedLead; decision: Decision; timer: ReturnType<typeof setTimeout> }

const patience = 10_000;

export const waiting = signal<Waiting | null>(null);
/** What was said last, and whether it is bad news. */
export const notice = signal<{ text: string; isBad?: boolean } | null>(null);
/** Leads that were decided on, with the stage in which they were: the queue shows them again only in another. */
export const decided = signal<ReadonlyMap<string, string>>(new Map());

const forward: Record<string, string> = { mql: 'accepted', sal: 'qualified', sql: 'won' };
const backward: Record<string, string> = { mql: 'rejected', sal: 'rejected', sql: 'lost' };
const usual = ['not now', 'no budget', 'no answer', 'other'];

export const acceptance = (lead: QueuedLead): Decision => ({ stage: forward[lead.stage] ?? 'accepted' });
export const rejection = (lead: QueuedLead) => backward[lead.stage] ?? 'rejected';

/** Those of the lifecycle for an outcome, else for the stage that it leads to: as the API takes them. */
export const reasonsFor = (outcome: string, reasons: Record<string, string[]> = {}) => {
  const named = reasons[outcome] ?? reasons.recycled;
  return named?.length ? named : usual;
};

const isOpen = (lead: QueuedLead) => decided.value.get(lead.leadId) !== lead.stage && waiting.value?.lead.leadId !== lead.leadId;
/** A queue that no longer shows a decided lead knows of the decision: it may come again. */
export function settle(leads: QueuedLead[]) {
  const left = [...decided.value].filter(([id, stage]) => leads.some(lead => lead.leadId === id && lead.stage === stage));
  if (left.length < decided.value.size) decided.value = new Map(left);
}
export const undecided = (leads: QueuedLead[]) => leads.filter(isOpen);

export function decide(lead: QueuedLead, decision: Decision) {
  void send();
  waiting.value = { lead, decision, timer: setTimeout(() => void send(), patience) };
  notice.value = { text: t(`decided.${decision.stage as 'accepted'}`, { name: called(lead) }) };
}

/** The lead that is in the queue again; nothing was sent. */
export function undo(): QueuedLead | undefined {
  const taken = waiting.value;
  if (!taken) return undefined;
  clearTimeout(taken.timer);
  waiting.value = null;
  notice.value = { text: t('decided.undone', { name: called(taken.lead) }) };
  return taken.lead;
}

async function send(isLeaving = false) {
  const taken = waiting.value;
  if (!taken) return;
  clearTimeout(taken.timer);
  const { lead, decision } = taken;
  waiting.value = null;
  decided.value = new Map(decided.value).set(lead.leadId, lead.stage);
  const path = `/api/leads/${lead.leadId}`;
  try {
    // Somebody else may have been quicker: then it is theirs.
    if (!isLeaving) {
      const { stage, stays } = await call<Stages>(`${path}/stages`);
      if (stage !== lead.stage) {
        notice.value = { text: t('decided.taken', { name: called(lead), stage: stageName(stage), by: stays.at(-1)?.by ?? t('decided.somebody') }), isBad: true };
        return;
      }
    }
    await call(`${path}/stage`, { method: 'POST', body: decision, keepalive: isLeaving });
  } catch (error) {
    const left = new Map(decided.value);
    left.delete(lead.leadId);
    decided.value = left;
    notice.value = { text: `${t('decided.failed', { name: called(lead) })} ${problemText(error as ApiError)}`, isBad: true };
  }
}

addEventListener('pagehide', () => void send(true));
beforeSignOut(() => send());
// Nothing is sent, or told, in the name of who signs in next.
onForget(() => {
  clearTimeout(waiting.value?.timer);
  waiting.value = null;
  notice.value = null;
  decided.value = new Map();
});
