// Who stands at a step, why they wait and until when; and has them go on elsewhere, or end.
import { useState } from 'preact/hooks';
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

/** @param changed What the map counts is to be read again. */
interface At { journey: string; version?: string; step: string; steps: Step[]; changed: () => void }

/** Somebody is moved, or ended, a moment after it was asked for. */
const applied = [1_500, 4_000];

export const StepPeople = ({ closed, ...at }: At & { closed: string }) => (
  <section class="card" aria-labelledby="at-step">
    <h2 id="at-step">{t('map.at', { step: at.steps.find(one => one.id === at.step)?.title ?? at.step })}</h2>
    <Pages<Page<Run>> path={`/api/journeys/${at.journey}/runs?status=active&step=${encodeURIComponent(at.step)}${at.version ? `&version=${at.version}` : ''}&limit=25`}>{(page, isFirst, again) => isFirst && page.items.length === 0
      ? <p class="quiet">{t('map.nobodyHere')}</p>
      : <ol class="people">{page.items.map(run => <One key={run.id} run={run} at={at} again={again} />)}</ol>}</Pages>
    <p><a href={closed}>{t('map.close')}</a></p>
  </section>
);

function One({ run, at, again }: { run: Run; at: At; again: () => void }) {
  const { data: lead } = useLoad<LeadAnswer>(`/api/leads/${run.leadId}`);
  const [isMoving, setIsMoving] = useState(false);
  const [done, setDone] = useState<string>();
  const { said, isBusy, act } = useSaying();
  const tell = (path: string, body: unknown, done: string) => act(async () => {
    await call(`/api/runs/${run.id}/${path}`, { method: 'POST', body });
    setDone(done);
    for (const pause of applied) setTimeout(at.changed, pause);
    setTimeout(again, applied[0]);
  });
  const name = lead ? called({ ...lead, name: nameOf(lead.traits) }) : '…';
  const others = at.steps.filter(step => step.id !== at.step);
  return (
    <li class="stands">
      {lead && <Grade grade={lead.grade} />}
      <span class="grow"><a href={`/app/leads/${run.leadId}`}>{name}</a>
        <span class="quiet">{t('map.since')} <When at={run.enteredAt} />. {sayWait(run)}</span>
        {isMoving && !done && (
          <label class="row"><span class="quiet">{t('map.moveTo')}</span>
            <select onChange={event => event.currentTarget.value && tell('move', { step: event.currentTarget.value, from: at.step }, t('map.moving'))} disabled={isBusy}>
              <option value="">{t('map.choose')}</option>{others.map(step => <option key={step.id} value={step.id}>{step.title}</option>)}
            </select></label>
        )}</span>
      {done || said ? <span role="status" class="quiet">{said || done}</span> : may('marketer') && <span class="row">
        {others.length > 0 && <button aria-expanded={isMoving} onClick={() => setIsMoving(!isMoving)} aria-label={t('map.moveOf', { name })}>{t('map.move')}</button>}
        <button disabled={isBusy} onClick={() => tell('cancel', undefined, t('map.ending'))} aria-label={t('map.endOf', { name })}>{t('map.end')}</button>
      </span>}
    </li>
  );
}
