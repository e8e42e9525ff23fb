import type { CalendarDay, ReportRow } from '../api/types';
import { Opens } from '../parts/Opens';
import { exact } from '../parts/When';
import { pageOf, today } from '../reports/figures';
import { recipientsOf } from '../messages/Recipients';
import { number, t } from '../words/words';
import { plannedOf } from './PlannedPeople';

interface Shown { day: string; planned?: CalendarDay; sent: ReportRow[]; nameOf: (journey: string) => string }

/** One day; each number leads to whom it counts, or to the journey or campaign. */
export function Day({ day, planned, sent, nameOf }: Shown) {
  const isNothing = !planned && sent.length === 0;
  const title = exact(`${day}T12:00:00Z`, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <td class={`day${isNothing ? ' nothing' : ''}${day === today() ? ' today' : ''}`}>
      <p class="date"><time dateTime={day} aria-current={day === today() ? 'date' : undefined}><span class="desk-only" aria-hidden="true">{number(Number(day.slice(8)), 0)}</span><span class="spelt">{title}</span></time></p>
      <ul>
        {planned?.campaigns.map(campaign => <li class="planned-campaign"><a href="/app/messages?part=campaigns">{campaign.name}</a> <span class="quiet">{t(`campaign.${campaign.status}`)} · <Opens count={campaign.recipients} href={campaign.begun ? recipientsOf(campaign.id, 'recipients') : plannedOf({ day, of: 'campaign', campaign: campaign.id })}>{t('campaigns.recipients', { count: campaign.recipients })}</Opens></span></li>)}
        {sent.map(row => <li><a href={pageOf('ctr', { from: day, to: day, journey: String(row.journey) }, true)}>{row.journey === '(none)' ? t('calendar.others') : nameOf(String(row.journey))}</a> <span class="quiet">{t('calendar.sent', { count: row.denominator ?? 0 })}</span></li>)}
        {planned?.sends.map(send => <li class="expected"><a href={`/app/journeys/${send.journey}${send.step ? `?step=${encodeURIComponent(send.step)}` : ''}`}>{nameOf(send.journey)}</a> <span class="quiet">{send.template} · <Opens count={send.people} href={plannedOf({ day, of: 'sends', journey: send.journey, step: send.step, template: send.template })}>{t('calendar.expected', { count: send.people })}</Opens></span></li>)}
        {planned?.dates.map(date => <li><a href={`/app/journeys/${date.journey}`}>{nameOf(date.journey)}</a> <span class="quiet"><Opens count={date.people} href={plannedOf({ day, of: 'dates', journey: date.journey })}>{t('calendar.dates', { count: date.people })}</Opens></span></li>)}
        {planned?.over && (
          <li><details class="over"><summary class="leak"><span aria-hidden="true">▲ </span>{t('calendar.over', { count: planned.over.people })}</summary>
            <ul>{planned.over.first.map(person => <li><a href={`/app/leads/${person.leadId}`}>{person.name ?? person.email ?? person.leadId.slice(0, 8)}</a></li>)}{planned.over.people > planned.over.first.length && <li><a href={plannedOf({ day, of: 'over' })}>{t('clock.more', { count: planned.over.people - planned.over.first.length })}</a></li>}</ul></details></li>
        )}
      </ul>
    </td>
  );
}
