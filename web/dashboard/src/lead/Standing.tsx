// Where the lead stands: segments, runs, messages, stages, notes.
import type { ComponentChildren } from 'preact';
import { useLoad, type Loaded } from '../api/load';
import type { HandOver, LeadSegment, Message, Page, Run, Stages, Why } from '../api/types';
import { Failure } from '../parts/Failure';
import { say } from '../definitions/form/say';
import { sayWait } from '../journeys/sayWait';
import { stageName } from '../parts/marks';
import { exact, When } from '../parts/When';
import { number, t, tOr } from '../words/words';
import { Notes } from './Notes';

export function Standing({ path }: { path: string }) {
  const stages = useLoad<Stages>(`${path}/stages`);
  const segments = useLoad<Page<LeadSegment>>(`${path}/segments?explain=true`);
  const runs = useLoad<Page<Run>>(`${path}/runs`);
  const messages = useLoad<Page<Message>>(`${path}/messages`);
  const handOver = useLoad<HandOver>(`${path}/handover`);
  return (
    <>
      <Card title={t('standing.stages')} loaded={stages} none={stages.data?.stays.length === 0 && t('standing.noStages')}>
        {stages.data?.slaUntil && <p class={stages.data.slaMissed ? 'problem-text' : 'quiet'}>{t(stages.data.slaMissed ? 'sla.missed' : 'sla.until', { at: exact(stages.data.slaUntil) })}</p>}
        <ol class="plain">{[...stages.data?.stays ?? []].reverse().map(stay => <li><b>{stageName(stay.stage)}</b> <span class="quiet">{exact(stay.since, { dateStyle: 'medium' })} · {t('standing.days', { count: Math.round(stay.days) })}{stay.by && ` · ${stay.by}`}</span>{stay.reason && <p class="quiet">{stay.reason}</p>}</li>)}</ol>
      </Card>
      <Card title={t('standing.segments')} loaded={segments} none={segments.data?.items.length === 0 && t('standing.noSegments')}>
        <ul class="plain">{[...segments.data?.items ?? []].sort((a, b) => Number(b.in) - Number(a.in)).map(segment => <Segment key={segment.id} segment={segment} />)}</ul>
      </Card>
      <Card title={t('standing.runs')} loaded={runs} none={runs.data?.items.length === 0 && t('standing.noRuns')}>
        <ul class="plain">{runs.data?.items.map(run => <li><a href={`/app/journeys/${run.journey}${run.step ? `?step=${encodeURIComponent(run.step)}` : ''}`}><b>{run.journey}</b></a> <span class="quiet">{tOr(`run.${run.status}`, run.status)}{run.step && ` · ${run.step}`} · <When at={run.enteredAt} /></span>{run.status === 'active' && <p class="quiet">{sayWait(run)}</p>}{run.endReason && <p class="quiet" lang="en">{run.endReason}</p>}</li>)}</ul>
      </Card>
      <Card title={t('standing.messages')} loaded={messages} none={messages.data?.items.length === 0 && t('standing.noMessages')}>
        <ul class="plain">{messages.data?.items.slice(0, 20).map(message => (
          <li><b>{message.template ?? message.channel}</b> <span class="quiet">{tOr(`message.${message.state}`, message.state)} · <When at={message.at} />{message.clickedAt ? ` · ${t('message.clicked')}` : message.openedAt ? ` · ${t('message.opened')}` : ''}</span>{message.reason && <p class="quiet" lang="en">{message.reason}</p>}</li>
        ))}</ul>
      </Card>
      <section class="card"><h2>{t('standing.notes')}</h2><Notes path={path} notes={handOver.data?.notes ?? []} again={handOver.again} /></section>
    </>
  );
}

const Card = ({ title, loaded, none, children }: { title: string; loaded: Loaded<unknown>; none?: string | false; children: ComponentChildren }) => (
  <section class="card">
    <h2>{title}</h2>
    {loaded.error && <Failure error={loaded.error} again={loaded.again} />}
    {none ? <p class="quiet">{none}</p> : children}
  </section>
);

const Segment = ({ segment }: { segment: LeadSegment }) => (
  <li>
    {segment.why
      ? <details><summary>{segment.in ? '✓ ' : '✗ '}{segment.in ? <b>{segment.name ?? segment.id}</b> : segment.name ?? segment.id} <span class="quiet">{segment.in ? segment.since && exact(segment.since, { dateStyle: 'medium' }) : t('segment.out')}</span></summary><Reason why={segment.why} /></details>
      : <><span aria-hidden="true">✓ </span><b>{segment.name ?? segment.id}</b> <span class="quiet">{t('segment.byHand')}</span></>}
  </li>
);

/** Each part of the condition with its own answer. */
const Reason = ({ why }: { why: Why }) => (
  <ul class="why">
    <li>{why.holds ? '✓' : '✗'} <span class="hidden">{t(why.holds ? 'why.holds' : 'why.fails')}</span>{typeof why.condition === 'string' ? tOr(`why.${why.condition}`, why.condition) : say(why.condition)}{why.seen !== undefined && <span class="quiet"> {t('why.seen', { value: typeof why.seen === 'number' ? number(why.seen) : String(why.seen) })}</span>}
      {why.parts?.map(part => <Reason why={part} />)}</li>
  </ul>
);
