// Whom do I call now?
import { useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { LeadCounts, Page, QueuedLead } from '../api/types';
import { countsPath } from '../leads/filter';
import { Failure } from '../parts/Failure';
import { called, Engagement, Grade, stageName } from '../parts/marks';
import { useKeys } from '../shell/keys';
import { Title } from '../shell/Title';
import { number, t } from '../words/words';
import { Clock, OpenLead } from './OpenLead';
import { decided, notice, settle, undecided, undo, waiting } from './decisions';
import { all, pageOf, queuePath, showIn, shown, type Show } from './filter';

const refresh = 30_000;

export function Queue() {
  const { query, route } = useLocation();
  const { data, error, again } = useLoad<Page<QueuedLead>>(queuePath);
  const show = showIn(query);
  const leads = data && undecided(shown(data.items, show));
  const open = leads?.find(lead => lead.leadId === query.lead) ?? leads?.[0];
  const at = open ? leads!.indexOf(open) : -1; // it is of them
  const go = (place: number) => leads?.[place] && route(pageOf(show, leads[place].leadId), true);
  const takeBack = () => {
    const lead = undo();
    if (lead) route(pageOf(show, lead.leadId), true);
  };

  // Others work on the same queue.
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) again(); }, refresh);
    return () => clearInterval(timer);
  }, [again]);
  useEffect(() => { if (data) settle(data.items); }, [data]);
  useEffect(() => {
    // A decision is applied a moment after it was taken; one that is not is seen with the next refresh.
    if (decided.value.size === 0) return;
    const until = Date.now() + refresh;
    const timer = setInterval(() => {
      if (Date.now() > until) clearInterval(timer);
      else if (!document.hidden) again();
    }, 2000);
    return () => clearInterval(timer);
  }, [decided.value]);
  useEffect(() => {
    if (!notice.value || notice.value.isBad || waiting.value) return;
    const timer = setTimeout(() => { notice.value = null; }, 6000);
    return () => clearTimeout(timer);
  }, [notice.value, waiting.value]);
  useKeys(event => {
    if (event.key === 'j') go(at + 1);
    else if (event.key === 'k') go(at - 1);
    else if (event.key === 'z') takeBack();
    else return false;
    return true;
  });

  return (
    <>
      <Title text={t('sales.title')}><Parts show={show} leads={data && undecided(data.items)} /></Title>
      {error && <Failure error={error} again={again} />}
      {leads?.length === 0 && <p class="empty">{show === 'all' ? <NobodyWaits /> : <>{t('sales.nobodyHere')} <a href="/app/sales">{t('sales.all')}</a></>}</p>}
      <div class="queue">
        {open && <OpenLead key={open.leadId} lead={open} place={at + 1} count={leads!.length} previous={at > 0 ? () => go(at - 1) : undefined} next={at + 1 < leads!.length ? () => go(at + 1) : undefined} />}
        {!!leads?.length && (
          <ol class="people card" aria-label={t('sales.list')}>{leads.map(lead => (
            <li key={lead.leadId} class={lead === open ? 'open' : undefined}>
              <Grade grade={lead.grade} /><span class="grow"><a href={pageOf(show, lead.leadId)} aria-current={lead === open ? 'true' : undefined}>{called(lead)}</a><span class="quiet">{[lead.company, stageName(lead.stage)].filter(Boolean).join(' · ')}</span></span>
              <span class="end"><Clock until={lead.slaUntil} missed={lead.slaMissed} /><Engagement value={lead.engagement} /></span>
            </li>
          ))}</ol>
        )}
      </div>
      <div class="notice" role="status">{notice.value && <p class={notice.value.isBad ? 'problem-text' : undefined}>{notice.value.text} {waiting.value && <button onClick={takeBack} aria-keyshortcuts="z">{t('sales.undo')} <kbd aria-hidden="true">Z</kbd></button>}</p>}</div>
    </>
  );
}

const Parts = ({ show, leads }: { show: Show; leads?: QueuedLead[] }) => (
  <ul class="tabs" aria-label={t('sales.parts')}>{all.map(part => <li><a href={pageOf(part)} aria-current={part === show ? 'true' : undefined}>{t(`sales.show.${part}`)} <span class="number">{leads ? number(shown(leads, part).length) : '…'}</span></a></li>)}</ul>
);

/** Then the next ones are worth a look: how many there are, and who. */
function NobodyWaits() {
  const { data } = useLoad<LeadCounts>(countsPath);
  const near = data?.near;
  return <>{t('sales.nobody')} {near && near.count > 0 ? <a href={`/app/leads?near=${near.stage}`}>{t('sales.near', { count: near.count, points: near.points, stage: stageName(near.stage) })}</a> : <a href="/app/leads">{t('sales.whoIsNear')}</a>}</>;
}
