// Who stands at a step, why they wait and until when; and has them go on elsewhere, or end.
import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { LeadAnswer, Page, Run } from '../api/types';
import { called, Grade, nameOf } from '../parts/marks';
import { Pages } from '../parts/Pages';
import { useSaying } from '../parts/useSaying';
import { When } from '../parts/When';
import { may } from '../session/session';
import { t } from '../words/words';
import { sayWait } from './sayWait';
import type { Step } from './tree';
import { useArrival } from './useArrival';

/** @param changed What the map counts is to be read again. */
interface At { journey: string; version?: string; step: string; steps: Step[]; changed: () => void }

/** Somebody is moved, or ended, a moment after it was asked for. */
const applied = [1_500, 4_000];

export function StepPeople({ closed, ...at }: At & { closed: string }) {
  const heading = useArrival();
  return (
    <section class="card at-step" aria-labelledby="at-step">
      <h2 id="at-step" ref={heading} tabIndex={-1}>{t('map.at', { step: at.steps.find(one => one.id === at.step)?.title ?? at.step })}</h2>
      <Pages<Page<Run>> path={`/api/journeys/${at.journey}/runs?status=active&step=${encodeURIComponent(at.step)}${at.version ? `&version=${at.version}` : ''}&limit=25`}>{(page, isFirst, again) => isFirst && page.items.length === 0
        ? <p class="quiet">{t('map.nobodyHere')}</p>
        : <ol class="people">{page.items.map(run => <One key={run.id} run={run} at={at} again={again} leave={() => heading.current?.focus()} />)}</ol>}</Pages>
      <p><a href={closed}>{t('map.close')}</a></p>
    </section>
  );
}

/** Where they go on is chosen first, and done with a button of its own; and so is ending. @param leave Takes the focus when this one is about to go. */
function One({ run, at, again, leave }: { run: Run; at: At; again: () => void; leave: () => void }) {
  const { data: lead } = useLoad<LeadAnswer>(`/api/leads/${run.leadId}`);
  const [open, setOpen] = useState<'move' | 'end'>();
  const [to, setTo] = useState('');
  const [done, setDone] = useState<string>();
  const { said, isBusy, act } = useSaying();
  const row = useRef<HTMLLIElement>(null);
  const status = useRef<HTMLSpanElement>(null);
  useEffect(() => { if (done) status.current!.focus(); }, [done]); // it is drawn with it
  const tell = (path: string, body: unknown, done: string) => !isBusy && act(async () => {
    await call(`/api/runs/${run.id}/${path}`, { method: 'POST', body });
    setDone(done);
    for (const pause of applied) setTimeout(at.changed, pause);
    setTimeout(() => {
      if (row.current?.contains(document.activeElement)) leave();
      again();
    }, applied[0]);
  });
  const name = lead ? called({ ...lead, name: nameOf(lead.traits) }) : '…';
  const others = at.steps.filter(step => step.id !== at.step);
  const toggle = (what: 'move' | 'end') => setOpen(open === what ? undefined : what);
  return (
    <li class="stands" ref={row}>
      {lead && <Grade grade={lead.grade} />}
      <span class="grow"><a data-row href={`/app/leads/${run.leadId}`}>{name}</a>
        <span class="quiet">{t('map.since')} <When at={run.enteredAt} />. {sayWait(run)}</span></span>
      {done ? <span role="status" class="quiet" tabIndex={-1} ref={status}>{done}</span> : may('marketer') && (
        <>
          <span class="row">
            {others.length > 0 && <button aria-expanded={open === 'move'} onClick={() => toggle('move')} aria-label={t('map.moveOf', { name })}>{t('map.move')}</button>}
            <button aria-expanded={open === 'end'} onClick={() => toggle('end')} aria-label={t('map.endOf', { name })}>{t('map.end')}</button>
          </span>
          {open === 'move' && (
            <span class="row sure">
              <label class="row"><span class="quiet">{t('map.moveTo')}</span>
                <select value={to} onChange={event => setTo(event.currentTarget.value)}><option value="">{t('map.choose')}</option>{others.map(step => <option key={step.id} value={step.id}>{step.title}</option>)}</select></label>
              {to && <button class="primary" aria-disabled={isBusy} onClick={() => tell('move', { step: to, from: at.step }, t('map.moving'))}>{t('map.moveGo', { step: others.find(step => step.id === to)!.title })}</button>}
            </span>
          )}
          {open === 'end' && <span class="row sure"><button class="primary" aria-disabled={isBusy} onClick={() => tell('cancel', undefined, t('map.ending'))}>{t('map.endGo', { name })}</button><button onClick={() => setOpen(undefined)}>{t('publish.cancel')}</button></span>}
        </>
      )}
      <span role="alert" class="problem-text sure">{said}</span>
    </li>
  );
}
