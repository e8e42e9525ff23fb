import { useState } from 'preact/hooks';
import type { OutboxMessage, Page } from '../api/types';
import { MailFrame } from '../parts/MailFrame';
import { Pages } from '../parts/Pages';
import { When } from '../parts/When';
import { t } from '../words/words';

/** Messages that stay here instead of going out, and those of channels that nobody carries; the newest first. */
export const Outbox = () => (
  <>
    <p class="quiet">{t('outbox.text')}</p>
    <Pages<Page<OutboxMessage>> path="/api/outbox?limit=25">{page => page.items.length === 0 ? <p class="empty">{t('standing.noMessages')}</p> : (
      <ol class="outbox card">{page.items.map(message => <One key={message.id} message={message} />)}</ol>
    )}</Pages>
  </>
);

/** As its reader has it, or would have it. */
function One({ message }: { message: OutboxMessage }) {
  const [isOpen, setIsOpen] = useState(false);
  const { html, text, subject, leadId, to, from, journey, campaign, template } = message;
  return (
    <li>
      <details onToggle={event => setIsOpen(event.currentTarget.open)}>
        <summary data-row><b class="grow break">{subject || text}</b> <When at={message.sentAt} /></summary>
        {isOpen && (
          <>
            {html ? <MailFrame html={html} title={t('rendered.frame', { name: to })} /> : <p class="note">{text}</p>}
            {html && text && <details class="rendered"><summary>{t('outbox.asText')}</summary><pre>{text}</pre></details>}
            {from && <p class="quiet">{t('outbox.from', { from })}</p>}
          </>
        )}
      </details>
      <p class="quiet break">{leadId ? <a href={`/app/leads/${leadId}`}>{to || t('lead.title')}</a> : to}{journey && <> · <a href={`/app/journeys/${journey}`}>{journey}</a></>}{campaign && <> · <a href="/app/messages?part=campaigns">{t('messages.campaigns')}</a></>}{template && <> · <a href={`/app/rules/templates/${template}`}>{template}</a></>}</p>
    </li>
  );
}
