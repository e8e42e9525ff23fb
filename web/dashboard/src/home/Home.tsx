// What needs me today? Each number is counted from the very list that it opens.
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { DeadLetter, LeadCounts, ListedJourney, ListedLead, Page, QueuedLead } from '../api/types';
import { isSilent, journeysPath } from '../journeys/silent';
import { countsPath, failedDays } from '../leads/filter';
import { called, Engagement, Grade, Stage } from '../parts/marks';
import { Failure } from '../parts/Failure';
import { exact, When } from '../parts/When';
import { undecided } from '../sales/decisions';
import { all, queuePath, shown } from '../sales/filter';
import { refusedPath, waiting } from '../refused/Refused';
import { Title } from '../shell/Title';
import { number, t } from '../words/words';

const hottest = '/api/leads?sort=engagement&limit=6';
const latest = '/api/leads?sort=lastSeen&limit=6';

export function Home() {
  const queue = useLoad<Page<QueuedLead>>(queuePath);
  const letters = useLoad<Page<DeadLetter>>(refusedPath);
  const counts = useLoad<LeadCounts>(countsPath);
  const journeys = useLoad<Page<ListedJourney>>(journeysPath);
  const hot = useLoad<Page<ListedLead>>(hottest);
  const late = useLoad<Page<ListedLead>>(latest);
  const read = [queue, letters, counts, journeys, hot, late];
  const error = read.find(one => one.error)?.error;
  const again = () => { for (const one of read) one.again(); };
  const known = useCallback(() => { hot.again(); counts.again(); queue.again(); }, [hot.again, counts.again, queue.again]);
  const refused = letters.data && waiting(letters.data.items);

  return (
    <>
      <Title text={t('home.title')}><p class="quiet">{counts.data ? t('home.asOf', { at: exact(counts.data.asOf, { timeStyle: 'short' }) }) : <>&nbsp;</>}</p></Title>
      {error && <Failure error={error} again={again} />}
      {hot.data?.items.length === 0 ? <BeginLater counts={counts.data} again={known} /> : (
        <>
          <ul class="tiles">
            {all.map(show => <Tile key={show} href={show === 'all' ? '/app/sales' : `/app/sales?show=${show}`} warn={show === 'overdue'} label={`home.${show}`} count={queue.data && shown(undecided(queue.data.items), show).length} more={(queue.data?.items.length ?? 0) >= 200} />)}
            <Tile href="/app/messages?part=failed" warn label="home.failed" count={counts.data?.failed.count} says={t('troubled.failed', { count: failedDays })} />
            <Tile href="/app/messages?part=held" label="home.held" count={counts.data?.held} says={t('troubled.held')} />
            <Tile href="/app/refused" warn label="home.refused" count={refused?.length} more={!!letters.data?.nextCursor} />
            <Tile href="/app/journeys?show=silent" warn label="home.silent" count={journeys.data?.items.filter(isSilent).length} says={t('journeys.silentMeans')} />
          </ul>
          <div class="two">
            <People title={t('home.hot')} href="/app/leads" people={hot.data?.items}>{lead => <Engagement value={lead.engagement} />}</People>
            <People title={t('home.late')} href="/app/leads?sort=lastSeen" people={late.data?.items}>{lead => <When at={lead.lastSeen} />}</People>
          </div>
          <GoalsLater />
        </>
      )}
    </>
  );
}

/** Below all that needs somebody: no part of what the page waits for, and nothing moves when they come. */
function GoalsLater() {
  const [Goals, setGoals] = useState<FunctionComponent>();
  useEffect(() => { void import('../later').then(({ Goals }) => setGoals(() => Goals), () => undefined); }, []);
  return Goals ? <div class="rows"><Goals /></div> : null;
}

/** For those who have nobody yet: most never see it again. */
function BeginLater(asked: { counts?: LeadCounts; again: () => void }) {
  const [Begin, setBegin] = useState<FunctionComponent<typeof asked>>();
  useEffect(() => { void import('../later').then(({ Begin }) => setBegin(() => Begin), () => undefined); }, []);
  return Begin ? <Begin {...asked} /> : <div class="tall" />;
}

type Label = 'home.all' | 'home.overdue' | 'home.unowned' | 'home.refused' | 'home.held' | 'home.failed' | 'home.silent';

/** @param says What the number counts, where its name does not tell. */
const Tile = ({ href, label, count, more, warn, says }: { href: string; label: Label; count?: number; more?: boolean; warn?: boolean; says?: string }) => (
  <li><a class={`tile${warn && count ? ' warn' : ''}`} href={href} title={says}><b>{count === undefined ? '…' : number(count) + (more ? '+' : '')}</b><span>{warn && count ? <span aria-hidden="true">▲ </span> : null}{t(label, { count: count ?? 0 })}</span></a></li>
);

const People = ({ title, href, people, children }: { title: string; href: string; people?: ListedLead[]; children: (lead: ListedLead) => ComponentChildren }) => (
  <section class="card">
    <h2><a href={href}>{title}</a></h2>
    <ol class="people">
      {(people ?? Array<undefined>(6).fill(undefined)).map(lead => lead
        ? <li><Grade grade={lead.grade} /><span class="grow"><a href={`/app/leads/${lead.id}`}>{called(lead)}</a><span class="quiet">{lead.company}</span></span><Stage stage={lead.stage} /><span class="end">{children(lead)}</span></li>
        : <li class="waits">&nbsp;</li>)}
    </ol>
  </section>
);
