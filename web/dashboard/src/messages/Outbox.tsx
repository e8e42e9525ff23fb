import type { OutboxMessage, Page } from '../api/types';
import { Pages } from '../parts/Pages';
import { When } from '../parts/When';
import { t } from '../words/words';

/** Messages that stay here instead of going out, and those of channels that nobody carries; the newest first. */
export const Outbox = () => (
  <>
    <p class="quiet">{t('outbox.text')}</p>
    <Pages<Page<OutboxMessage>> path="/api/outbox?limit=25">{page => page.items.length === 0 ? <p class="empty">{t('standing.noMessages')}</p> : (
      <ol class="people card">{page.items.map(message => (
        <li key={message.id}>
          <span class="grow"><a data-row href={`/app/leads/${message.leadId}`}>{message.subject || message.text}</a><span class="quiet">{message.to} · {[message.journey, message.campaign, message.template].filter(Boolean).join(' · ')}</span></span>
          <span class="end"><When at={message.sentAt} /></span>
        </li>
      ))}</ol>
    )}</Pages>
  </>
);
