// Where are people, and where do they leave? The map of one journey, with who stands at each step; or how a rehearsal with recorded events would go.
import { useLocation, useRoute } from 'preact-iso';
import { useMemo, useRef } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { JourneyAnswer, JourneyLift, JourneyStats, JourneyVersion, Page } from '../api/types';
import { Failure } from '../parts/Failure';
import { useRowKeys } from '../parts/rows';
import { may } from '../session/session';
import { NotFound } from '../shell/NotFound';
import { Title } from '../shell/Title';
import { day, queryOf } from '../reports/figures';
import { number, t } from '../words/words';
import { Changes } from './Changes';
import { CountedRuns } from './CountedRuns';
import { type Asked, type LinkTo } from './counted';
import { Hold } from './Hold';
import { JourneySums } from './JourneySums';
import { Map } from './Map';
import { Rehearsed } from '../rehearsal/Rehearsed';
import type { Chosen } from '../rehearsal/Whom';
import { StepPeople } from './StepPeople';
import { flat, stepsOf, type Step } from './tree';
import { Who } from './Who';

export function Journey() {
  const id = useRoute().params.id!; // the route has one
  return <One key={id} id={id} />;
}

function One({ id }: { id: string }) {
  const { query } = useRoute();
  const { route } = useLocation();
  useRowKeys();
  const { version, step, view, from, of: counter, how, why, way, whom, segment } = query;
  const rehearsed = useRef<Chosen | null>(null);
  const path = `/api/journeys/${encodeURIComponent(id)}`;
  const journey = useLoad<JourneyAnswer>(path);
  const stats = useLoad<JourneyStats>(`${path}/stats?days=${days}`);
  const versions = useLoad<Page<JourneyVersion>>(`${path}/versions`);
  // Differences are always of two versions, whichever is live.
  const newer = version ?? versions.data?.items[0]?.version;
  const isDiff = view === 'diff';
  const of = isDiff ? newer : version;
  const shown = useLoad<JourneyAnswer>(of ? `${path}/versions/${of}` : null);
  const document = isDiff || version ? shown.data?.document : journey.data?.document;
  const since = (from !== String(newer) ? from : undefined) ?? versions.data?.items.find(one => one.version < Number(newer))?.version ?? versions.data?.items.find(one => one.version !== Number(newer))?.version;
  const older = useLoad<JourneyAnswer>(isDiff && since ? `${path}/versions/${since}` : null);
  const steps = useMemo(() => stepsOf(document), [document]);
  if (journey.error?.status === 404) return <NotFound />;

  const error = journey.error ?? stats.error ?? shown.error ?? versions.error ?? older.error;
  const again = () => { for (const one of [journey, stats, shown, versions, older]) one.again(); };
  const counted = stats.data && version ? stats.data.versions?.[version] ?? none : stats.data; // unknown is not zero
  const here = (asked: Record<string, string | undefined>) =>
    `/app/journeys/${id}?${queryOf({ version, view, from, ...(view === 'rehearsal' ? { whom, segment } : {}), ...asked })}`;
  const isLately = view === 'month';
  // Who stands somewhere is listed with what can be done about them; of other numbers, whom they count.
  const whoTo = (asked: Asked) => asked.of === 'inside' && asked.step ? here({ step: asked.step }) : here(asked);
  const closed = here({ step: undefined });
  const name = typeof (document ?? journey.data?.document)?.name === 'string' ? String((document ?? journey.data?.document)!.name) : id;
  return (
    <>
      <p class="trail"><a href="/app/journeys">{t('nav.journeys')}</a></p>
      <Title text={journey.data ? name : '…'}>
        {journey.data && <span class={`stage state-${journey.data.state}`}>{t(`state.${journey.data.state}`)}</span>}
        {journey.data && <a href={`/app/rules/journeys/${id}`} data-edit={`/app/rules/journeys/${id}`}>{t('map.edit')}</a>}
        {journey.data && may('marketer') && <Hold path={path} state={journey.data.state} again={again} />}
      </Title>
      {error && <Failure error={error} again={again} />}
      {journey.data && journey.data.warnings.length > 0 && <ul class="ribbon">{journey.data.warnings.map(warning => <li lang="en">{warning.message}</li>)}</ul>}
      <div class="bar">
        <ul class="tabs" aria-label={t('map.views')}>
          <li><a href={here({ view: undefined, from: undefined, ...(view === 'diff' ? { version: undefined } : {}) })} aria-current={view ? undefined : 'page'}>{t('map.people')}</a></li>
          <li><a href={here({ view: 'month', version: undefined, step: undefined, from: undefined })} aria-current={view === 'month' ? 'page' : undefined}>{t('map.month', { count: days })}</a></li>
          {may('marketer') && <li><a href={here({ view: 'rehearsal', step: undefined, from: undefined })} aria-current={view === 'rehearsal' ? 'page' : undefined}>{t('map.rehearsal')}</a></li>}
          {(versions.data?.items.length ?? 0) > 1 && <li><a href={here({ view: 'diff', step: undefined, from: String(since), version: String(newer) })} aria-current={view === 'diff' ? 'page' : undefined}>{t('map.diff')}</a></li>}
        </ul>
        <button onClick={() => print()}>{t('map.print')}</button>
        {view !== 'month' && <label class="row"><span class="quiet">{t('map.version')}</span>
          <select value={String(of ?? '')} onChange={event => route(here({ version: event.currentTarget.value, step: undefined, ...(event.currentTarget.value === from ? { from: undefined } : {}) }), true)}>
            {!isDiff && <option value="">{t('map.everyVersion')}</option>}
            {versions.data?.items.map(one => <option key={one.version} value={String(one.version)}>{t('edit.version', { version: one.version })}{one.live ? ` (${t('state.live')})` : ''}</option>)}
          </select></label>}
      </div>
      {isDiff && (
        <>
          <label class="row"><span class="quiet">{t('change.since')}</span>
            <select value={String(since)} onChange={event => route(here({ from: event.currentTarget.value }), true)}>{versions.data?.items.filter(one => String(one.version) !== String(newer)).map(one => <option key={one.version} value={String(one.version)}>{t('edit.version', { version: one.version })}</option>)}</select></label>
          {older.data && document && <Changes before={older.data.document} after={document} />}
        </>
      )}
      {isDiff ? null : view === 'rehearsal'
        ? document && <Rehearsed key={version} path={path} version={version ?? String(journey.data!.version)} document={document} steps={steps} kept={rehearsed} />
        : counted && document && (
          <>
            {counted.entered === 0 && may('marketer') && <p class="ribbon">{t('empty.journey')} <a href={here({ view: 'rehearsal', step: undefined, from: undefined })}>{t('map.rehearsal')}</a></p>}
            {isLately && stats.data?.recent ? <Lately recent={stats.data.recent} to={whoTo} /> : <Sums stats={counted} path={path} hasLift={counted.heldOut > 0} to={whoTo} />}
            {!version && view !== 'month' && stats.data?.versions && <Older versions={stats.data.versions} steps={steps} linkTo={(version, step) => here({ version, step })} />}
            <div class={step || counter ? 'beside-map' : undefined}>
              <Map steps={steps} shown={isLately && stats.data?.recent ? { recent: stats.data.recent } : { stats: counted }} open={step} linkTo={step => here({ step })} whoTo={whoTo} />
              {counter ? <CountedRuns key={`${version} ${view} ${counter} ${step} ${how} ${why} ${way}`} path={path} asked={{ of: counter, step, how, why, way }} version={version} days={isLately ? days : undefined} steps={flat(steps)} closed={closed} />
                : step && <StepPeople key={`${version} ${step}`} journey={id} version={version} step={step} steps={flat(steps)} changed={stats.again} closed={closed} />}
            </div>
          </>
        )}
    </>
  );
}

const days = 30;
/** How people ended, but for the goal, which is told first. */
const ended = ['completed', 'exited', 'cancelled', 'failed'] as const;
const none: JourneyStats = { entered: 0, active: 0, goals: 0, heldOut: 0, inside: {}, left: {}, sent: 0, paths: {}, steps: {} };

function Sums({ stats, path, hasLift, to }: { stats: JourneyStats; path: string; hasLift: boolean; to: LinkTo }) {
  const { data: lift } = useLoad<JourneyLift>(hasLift ? `${path}/lift` : null);
  return (
    <p class="sums">
      <JourneySums inside={stats.active} entered={stats.entered} goals={stats.goals} sent={stats.sent} lift={lift} linkTo={to} />
      {stats.heldOut > 0 && <> · <Who to={to} of="heldOut" count={stats.heldOut}>{t('run.heldOut')} {number(stats.heldOut)}</Who></>}
      {ended.filter(how => (stats.left[how] ?? 0) > 0).map(how => <> · <Who to={to} of="ended" how={how} count={stats.left[how]!}>{t(`run.${how}`)} {number(stats.left[how]!)}</Who></>)}
    </p>
  );
}

/** Who stands where the map that is shown has no step: it would leave them out. */
function Older({ versions, steps, linkTo }: { versions: NonNullable<JourneyStats['versions']>; steps: Step[]; linkTo: (version: string, step: string) => string }) {
  const shown = new Set(flat(steps).map(step => step.id));
  const gone = Object.entries(versions).flatMap(([version, stats]) => Object.entries(stats.inside).filter(([step, count]) => count > 0 && !shown.has(step)).map(([step, count]) => ({ version, step, count })));
  if (gone.length === 0) return null;
  return <div class="ribbon older"><p>{t('map.older')}:</p><ul>{gone.map(one => <li key={`${one.version} ${one.step}`}><a href={linkTo(one.version, one.step)}>{one.step}</a> · {t('edit.version', { version: one.version })} · {t('map.here', { count: one.count })}</li>)}</ul></div>;
}

/** What came and went on in the last days, whatever version. */
const Lately = ({ recent, to }: { recent: NonNullable<JourneyStats['recent']>; to: LinkTo }) => (
  <p class="sums">{t('map.lately', { from: day(recent.from) })} <Who to={to} of="entered" count={recent.entered}>{t('journeys.entered', { count: recent.entered })}</Who> · <Who to={to} of="sent" count={recent.sent}>{t('journeys.sent', { count: recent.sent })}</Who></p>
);
