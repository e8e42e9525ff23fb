// Which work, which are stuck? Every journey with who is inside, who reached its goal, what goes out next, and where people are lost.
import { useRoute } from 'preact-iso';
import { useLoad } from '../api/load';
import type { JourneyActivity, ListedJourney, Page } from '../api/types';
import { Failure } from '../parts/Failure';
import { day, queryOf } from '../reports/figures';
import { may } from '../session/session';
import { Title } from '../shell/Title';
import { useRowKeys } from '../parts/rows';
import { number, t } from '../words/words';
import { failing, type Asked, type LinkTo } from './counted';
import { JourneySums } from './JourneySums';
import { leftOut } from './lost';
import { Samples } from './Samples';
import { isSilent, journeysPath } from './silent';
import { Who } from './Who';

const order = ['live', 'paused', 'draft', 'archived'];

export function Journeys() {
  const { query } = useRoute();
  const { data, error, again } = useLoad<Page<ListedJourney>>(journeysPath);
  useRowKeys();
  const all = [...data?.items ?? []].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state) || one.name.localeCompare(other.name));
  const silent = all.filter(isSilent);
  const isOfSilent = query.show === 'silent';
  const journeys = isOfSilent ? silent : all;
  return (
    <>
      <Title text={t('nav.journeys')}>
        {all.length > 0 && <ul class="tabs" aria-label={t('journeys.parts')}>
          <li><a href="/app/journeys" aria-current={isOfSilent ? undefined : 'true'}>{t('sales.show.all')} <span class="number">{number(all.length)}</span></a></li>
          <li><a href="/app/journeys?show=silent" title={t('journeys.silentMeans')} aria-current={isOfSilent ? 'true' : undefined}>{t('journeys.silent')} <span class="number">{number(silent.length)}</span></a></li>
        </ul>}
        {may('marketer') && <a href="/app/rules/journeys" data-edit="/app/rules/journeys">{t('journeys.edit')}</a>}
      </Title>
      {error && <Failure error={error} again={again} />}
      {data && all.length === 0 && <p class="empty">{t('journeys.none')}</p>}
      {data && all.length > 0 && journeys.length === 0 && <p class="empty">{t('journeys.noneSilent')} <a href="/app/journeys">{t('journeys.all')}</a></p>}
      {!data && !error && <div class="tall" />}
      {journeys.length > 0 && <ul class="rows journeys">{journeys.map(journey => <One key={journey.id} journey={journey} />)}</ul>}
      {data && !isOfSilent && may('marketer') && <Samples taken={all.map(journey => journey.id)} isOpen={all.length === 0} />}
    </>
  );
}

function One({ journey }: { journey: ListedJourney }) {
  const { activity } = journey;
  return (
    <li class="card">
      <p class="row"><a class="grow" data-row data-edit={`/app/rules/journeys/${journey.id}`} href={`/app/journeys/${journey.id}`}><b>{journey.name}</b></a><span class={`stage state-${journey.state}`}>{t(`state.${journey.state}`)}</span></p>
      <p class="quiet counts">{activity ? <Counts activity={activity} linkTo={whoOf(journey.id)} /> : t('journeys.draft')}</p>
      {activity && <Warnings activity={activity} linkTo={whoOf(journey.id)} />}
    </li>
  );
}

/** On the journey's own page. */
const whoOf = (id: string) => (asked: Asked) => `/app/journeys/${id}?${queryOf(asked)}`;

function Counts({ activity, linkTo }: { activity: JourneyActivity; linkTo: LinkTo }) {
  const next = Object.entries(activity.nextSends);
  return (
    <>
      <JourneySums inside={activity.inside} entered={activity.entered} goals={activity.goals} sent={activity.sent} lift={activity.lift} linkTo={linkTo} />
      {next.length > 0 && <><br />{t('journeys.next')} {next.map(([template, count]) => `${template} ${number(count)}`).join(', ')} · <a href="/app/calendar">{t('journeys.when')}</a></>}
    </>
  );
}

function Warnings({ activity: { silence, failed, skipped, warnings }, linkTo }: { activity: JourneyActivity; linkTo: LinkTo }) {
  return (
    <>
      {silence.isSilent && <p class="leak" title={t('journeys.silentMeans')}><span aria-hidden="true">▲ </span>{silence.lastDay && t('journeys.silentSince', { at: day(silence.lastDay), count: silence.days ?? 0 })}{silence.usual !== undefined && ` ${t('journeys.usual', { count: silence.usual })}`}</p>}
      {failed + skipped > 0 && <p class="leak"><span aria-hidden="true">▲ </span>{failed > 0 && <><Who to={linkTo} of="left" how={failing} count={failed}>{t('map.failed', { count: failed })}</Who> </>}{skipped > 0 && <Who to={linkTo} of="skipped" count={skipped}>{leftOut(skipped)}</Who>}</p>}
      {warnings.map(warning => <p class="quiet" lang="en">{warning.message}</p>)}
    </>
  );
}
