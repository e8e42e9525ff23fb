import { useLoad } from '../api/load';
import type { ListedLead, Message, Page } from '../api/types';
import { failedDays } from '../leads/filter';
import { called, Grade } from '../parts/marks';
import { Pages } from '../parts/Pages';
import { exact, When } from '../parts/When';
import { t, tOr } from '../words/words';

const states = { held: ['held', 'deferred'], failed: ['failed'] } as const;

/** Messages that somebody may have to look after: the people whom Home counts, each with theirs and why. */
export const Troubled = ({ sends }: { sends: 'held' | 'failed' }) => (
  <>
    <p class="quiet">{t(`troubled.${sends}`, { count: failedDays })}</p>
    <Pages<Page<ListedLead>> path={`/api/leads?sends=${sends}&sort=lastSeen&limit=25`}>{(page, isFirst) => isFirst && page.items.length === 0
      ? <p class="empty">{t('troubled.none')}</p>
      : <ul class="rows">{page.items.map(lead => <One key={lead.id} lead={lead} sends={sends} />)}</ul>}</Pages>
  </>
);

function One({ lead, sends }: { lead: ListedLead; sends: 'held' | 'failed' }) {
  const { data } = useLoad<Page<Message>>(`/api/leads/${lead.id}/messages`);
  const theirs = data?.items.filter(message => (states[sends] as readonly string[]).includes(message.state));
  return (
    <li class="card">
      <p class="row"><Grade grade={lead.grade} /><a class="grow" data-row href={`/app/leads/${lead.id}`}><b>{called(lead)}</b></a><span class="quiet">{lead.company}</span></p>
      <ul class="plain">{(theirs ?? [undefined]).map(message => message
        ? <li><b>{message.template ?? message.channel}</b> <span class="quiet">{tOr(`message.${message.state}`, message.state)} · <When at={message.at} />{message.until && ` · ${t('run.waits', { at: exact(message.until) })}`}
          {message.journey && <> · <a href={`/app/journeys/${message.journey}${message.step ? `?step=${encodeURIComponent(message.step)}` : ''}`}>{message.journey}</a></>}</span>{message.reason && <p class="quiet" lang="en">{message.reason}</p>}</li>
        : <li>&nbsp;</li>)}</ul>
    </li>
  );
}
