import { useState } from 'preact/hooks';
import { call, type ApiError } from '../api/client';
import { useLoad } from '../api/load';
import type { LeadAnswer, LeadConsent } from '../api/types';
import { Failure, problemText } from '../parts/Failure';
import { exact, When } from '../parts/When';
import { may } from '../session/session';
import { t } from '../words/words';
import { Merge } from './Merge';

const flat = (traits: Record<string, unknown>, before = ''): [string, string][] => Object.entries(traits).flatMap(([name, value]) =>
  value && typeof value === 'object' && !Array.isArray(value) ? flat(value as Record<string, unknown>, `${before}${name}.`) : [[before + name, Array.isArray(value) ? value.join(', ') : String(value)]]);

/** Name, company, owner, consent, identities. */
export function Person({ lead, path, again }: { lead: LeadAnswer; path: string; again: () => void }) {
  const traits = flat(lead.traits);
  return (
    <>
      <section class="card">
        <h2>{t('lead.who')}</h2>
        <dl>
          <dt>{t('lead.owner')}</dt><dd>{lead.owner ?? <span class="quiet">{t('lead.nobody')}</span>}</dd>
          <dt>{t('lead.firstSeen')}</dt><dd><When at={lead.firstSeen} /></dd>
          <dt>{t('lead.lastSeen')}</dt><dd><When at={lead.lastSeen} /></dd>
          {lead.timeZone?.name && <><dt>{t('lead.zone')}</dt><dd>{lead.timeZone.name}</dd></>}
          {traits.map(([name, value]) => <><dt>{name}</dt><dd>{name === 'email' ? <a href={`mailto:${value}`}>{value}</a> : name === 'phone' ? <a href={`tel:${value}`}>{value}</a> : value}</dd></>)}
        </dl>
      </section>
      <ConsentCard path={path} />
      <section class="card">
        <h2>{t('lead.identities')}</h2>
        <dl>
          {lead.userId && <><dt>{t('lead.userId')}</dt><dd><code>{lead.userId}</code></dd></>}
          {lead.email && <><dt>{t('lead.email')}</dt><dd>{lead.email}</dd></>}
          {lead.anonymousIds.length > 0 && <><dt>{t('lead.browsers', { count: lead.anonymousIds.length })}</dt><dd>{lead.anonymousIds.slice(0, 5).map(id => <code class="id">{id}</code>)}</dd></>}
        </dl>
        {lead.mergedLeads?.map(merged => <Merged key={merged.id} merged={merged} path={path} again={again} />)}
        {may('marketer') && <Merge id={lead.id} path={path} again={again} />}
      </section>
    </>
  );
}

function ConsentCard({ path }: { path: string }) {
  const { data, error, again } = useLoad<LeadConsent>(`${path}/consent`);
  return (
    <section class="card">
      <h2>{t('lead.consent')}</h2>
      {error && <Failure error={error} again={again} />}
      {data?.topics.length === 0 && <p class="quiet">{t('lead.neverAsked')}</p>}
      <ul class="plain">{data?.topics.map(topic => <li><b>{topic.state === 'granted' ? '✓ ' : '✗ '}{topic.topic}</b> {t(topic.state === 'granted' ? 'lead.granted' : 'lead.denied')} <span class="quiet">{exact(topic.since, { dateStyle: 'medium' })}{topic.by.source && ` · ${topic.by.source}`}</span></li>)}</ul>
    </section>
  );
}

/** Two leads that turned out to be one, or did not. */
function Merged({ merged, path, again }: { merged: { id: string; at: string }; path: string; again: () => void }) {
  const [said, setSaid] = useState<string>();
  const undo = async () => {
    try {
      await call(`${path}/unmerge`, { method: 'POST', body: { lead: merged.id } });
      setSaid(t('lead.unmerged'));
      setTimeout(again, 1500);
    } catch (error) {
      setSaid(problemText(error as ApiError));
    }
  };
  return <p class="quiet">{t('lead.merged', { id: merged.id.slice(0, 8), at: exact(merged.at) })} {may('marketer') && !said && <button onClick={undo}>{t('lead.unmerge')}</button>} <span role="status">{said}</span></p>;
}
