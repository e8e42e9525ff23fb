// Who stands at a step, since when, and until when they wait there.
import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { LeadAnswer, Page, Run } from '../api/types';
import { called, Grade, nameOf } from '../parts/marks';
import { Pages } from '../parts/Pages';
import { useSaying } from '../parts/useSaying';
import { exact, When } from '../parts/When';
import { may } from '../session/session';
import { t } from '../words/words';

export const StepPeople = ({ journey, step, title, closed }: { journey: string; step: string; title: string; closed: string }) => (
  <section class="card" aria-labelledby="at-step">
    <h2 id="at-step">{t('map.at', { step: title })}</h2>
    <Pages<Page<Run>> path={`/api/journeys/${journey}/runs?status=active&step=${encodeURIComponent(step)}&limit=25`}>{(page, isFirst, again) => isFirst && page.items.length === 0
      ? <p class="quiet">{t('map.nobodyHere')}</p>
      : <ol class="people">{page.items.map(run => <One key={run.id} run={run} again={again} />)}</ol>}</Pages>
    <p><a href={closed}>{t('map.close')}</a></p>
  </section>
);

function One({ run, again }: { run: Run; again: () => void }) {
  const { data: lead } = useLoad<LeadAnswer>(`/api/leads/${run.leadId}`);
  const [isEnding, setIsEnding] = useState(false);
  const { said, act } = useSaying();
  const end = () => act(async () => {
    await call(`/api/runs/${run.id}/cancel`, { method: 'POST' });
    setIsEnding(true);
    setTimeout(again, 1500);
  });
  const name = lead ? called({ ...lead, name: nameOf(lead.traits) }) : '…';
  return (
    <li>
      {lead && <Grade grade={lead.grade} />}
      <span class="grow"><a href={`/app/leads/${run.leadId}`}>{name}</a>
        <span class="quiet">{t('map.since')} <When at={run.enteredAt} />{run.waitsUntil && ` · ${t('run.waits', { at: exact(run.waitsUntil) })}`}</span></span>
      {isEnding || said ? <span role="status" class="quiet">{said || t('map.ending')}</span> : may('marketer') && <button onClick={end} aria-label={t('map.endOf', { name })}>{t('map.end')}</button>}
    </li>
  );
}
