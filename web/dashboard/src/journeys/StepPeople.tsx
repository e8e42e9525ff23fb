// Who stands at a step, since when, and until when they wait there.
import { useState } from 'preact/hooks';
import { call, type ApiError } from '../api/client';
import { useLoad } from '../api/load';
import type { LeadAnswer, Page, Run } from '../api/types';
import { Failure, problemText } from '../parts/Failure';
import { called, Grade, nameOf } from '../parts/marks';
import { exact, When } from '../parts/When';
import { may } from '../session/session';
import { t } from '../words/words';

export function StepPeople({ journey, step, title, closed }: { journey: string; step: string; title: string; closed: string }) {
  const [cursors, setCursors] = useState<string[]>([]);
  const path = `/api/journeys/${journey}/runs?status=active&step=${encodeURIComponent(step)}&limit=25`;
  return (
    <section class="card" aria-labelledby="at-step">
      <h2 id="at-step">{t('map.at', { step: title })}</h2>
      {[undefined, ...cursors].map((cursor, place) => <Part key={cursor ?? ''} path={cursor ? `${path}&cursor=${cursor}` : path} isFirst={place === 0} more={place === cursors.length ? next => setCursors([...cursors, next]) : undefined} />)}
      <p><a href={closed}>{t('map.close')}</a></p>
    </section>
  );
}

function Part({ path, isFirst, more }: { path: string; isFirst: boolean; more?: (cursor: string) => void }) {
  const { data, error, again } = useLoad<Page<Run>>(path);
  if (!data) return error ? <Failure error={error} again={again} /> : <div class="tall" />;
  if (isFirst && data.items.length === 0) return <p class="quiet">{t('map.nobodyHere')}</p>;
  return (
    <>
      <ol class="people">{data.items.map(run => <One key={run.id} run={run} again={again} />)}</ol>
      {more && data.nextCursor && <button onClick={() => more(data.nextCursor!)}>{t('leads.more')}</button>}
    </>
  );
}

function One({ run, again }: { run: Run; again: () => void }) {
  const { data: lead } = useLoad<LeadAnswer>(`/api/leads/${run.leadId}`);
  const [said, setSaid] = useState('');
  const end = async () => {
    try {
      await call(`/api/runs/${run.id}/cancel`, { method: 'POST' });
      setSaid(t('map.ending'));
      setTimeout(again, 1500);
    } catch (error) {
      setSaid(problemText(error as ApiError));
    }
  };
  const name = lead ? called({ ...lead, name: nameOf(lead.traits) }) : '…';
  return (
    <li>
      {lead && <Grade grade={lead.grade} />}
      <span class="grow"><a href={`/app/leads/${run.leadId}`}>{name}</a>
        <span class="quiet">{t('map.since')} <When at={run.enteredAt} />{run.waitsUntil && ` · ${t('run.waits', { at: exact(run.waitsUntil) })}`}</span></span>
      {said ? <span role="status" class="quiet">{said}</span> : may('marketer') && <button onClick={end} aria-label={t('map.endOf', { name })}>{t('map.end')}</button>}
    </li>
  );
}
