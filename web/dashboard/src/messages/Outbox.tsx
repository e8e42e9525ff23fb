import { useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { OutboxMessage, Page } from '../api/types';
import { Failure } from '../parts/Failure';
import { When } from '../parts/When';
import { t } from '../words/words';

/** Messages that stay here instead of going out, and those of channels that nobody carries; the newest first. */
export function Outbox() {
  const [cursors, setCursors] = useState<string[]>([]);
  return (
    <>
      <p class="quiet">{t('outbox.text')}</p>
      {[undefined, ...cursors].map((cursor, place) => <Part key={cursor ?? ''} path={`/api/outbox?limit=25${cursor ? `&cursor=${cursor}` : ''}`} more={place === cursors.length ? next => setCursors([...cursors, next]) : undefined} />)}
    </>
  );
}

function Part({ path, more }: { path: string; more?: (cursor: string) => void }) {
  const { data, error, again } = useLoad<Page<OutboxMessage>>(path);
  if (!data) return error ? <Failure error={error} again={again} /> : <div class="tall" />;
  if (data.items.length === 0) return <p class="empty">{t('standing.noMessages')}</p>;
  return (
    <>
      <ol class="people card">{data.items.map(message => (
        <li key={message.id}>
          <span class="grow"><a href={`/app/leads/${message.leadId}`}>{message.subject || message.text}</a><span class="quiet">{message.to} · {[message.journey, message.campaign, message.template].filter(Boolean).join(' · ')}</span></span>
          <span class="end"><When at={message.sentAt} /></span>
        </li>
      ))}</ol>
      {more && data.nextCursor && <button onClick={() => more(data.nextCursor!)}>{t('leads.more')}</button>}
    </>
  );
}
