// Which work, which are stuck? Every journey with who is inside, who reached its goal, and where people are lost.
import { useLoad } from '../api/load';
import type { JourneyStats, ListedJourney, Page } from '../api/types';
import { Failure } from '../parts/Failure';
import { may } from '../session/session';
import { Title } from '../shell/Title';
import { useRowKeys } from '../parts/rows';
import { number, t } from '../words/words';
import { failedAt, skippedAt } from './lost';

export function Journeys() {
  const { data, error, again } = useLoad<Page<ListedJourney>>('/api/journeys');
  useRowKeys();
  const order = ['live', 'paused', 'draft', 'archived'];
  const journeys = [...data?.items ?? []].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state) || one.name.localeCompare(other.name));
  return (
    <>
      <Title text={t('nav.journeys')}>{may('marketer') && <a href="/app/rules/journeys">{t('journeys.edit')}</a>}</Title>
      {error && <Failure error={error} again={again} />}
      {data && journeys.length === 0 && <p class="empty">{t('journeys.none')}</p>}
      {!data && !error && <div class="tall" />}
      {journeys.length > 0 && <ul class="rows journeys">{journeys.map(journey => <One key={journey.id} journey={journey} />)}</ul>}
    </>
  );
}

function One({ journey }: { journey: ListedJourney }) {
  const { data: stats, error } = useLoad<JourneyStats>(journey.state === 'draft' ? null : `/api/journeys/${encodeURIComponent(journey.id)}/stats`);
  const steps = Object.values(stats?.steps ?? {});
  const lost = steps.reduce((sum, step) => sum + failedAt(step), 0);
  const skipped = steps.reduce((sum, step) => sum + skippedAt(step), 0);
  return (
    <li class="card">
      <p class="row"><a class="grow" data-row href={`/app/journeys/${journey.id}`}><b>{journey.name}</b></a><span class={`stage state-${journey.state}`}>{t(`state.${journey.state}`)}</span></p>
      <p class="quiet counts">{journey.state === 'draft' ? t('journeys.draft') : error ? t('reports.noFigure') : !stats ? '…' : (
        <>
          {t('journeys.inside', { count: stats.active })} · {t('journeys.entered', { count: stats.entered })} · {t('journeys.goals', { count: stats.goals })}{stats.entered > 0 && ` (${number(100 * stats.goals / stats.entered, 1)} %)`} · {t('journeys.sent', { count: stats.sent })}
        </>
      )}</p>
      {(lost > 0 || skipped > 0) && <p class="leak"><span aria-hidden="true">▲ </span>{[lost > 0 && t('map.failed', { count: lost }), skipped > 0 && `${t('map.skipped', { count: skipped })}.`].filter(Boolean).join(' ')}</p>}
    </li>
  );
}
