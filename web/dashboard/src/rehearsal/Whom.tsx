// With whom a journey is rehearsed: everybody as recorded, a segment of them, or people that somebody makes up.
import type { RefObject } from 'preact';
import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { ListedSegment, Page } from '../api/types';
import { now } from '../session/session';
import { t } from '../words/words';
import { samples, scriptOf, type Sample } from './samples';

const days = 30;
const mostLeads = 200;
const ways = ['recorded', 'segment', 'script'] as const;
type Way = typeof ways[number];

/** What the API is asked with; undefined while it cannot be asked. */
export type Asked = { recorded: { from: string; maxLeads: number; segment?: string } } | { leads: unknown; days: number } | undefined;

/** What somebody chose and wrote, for as long as the page that keeps it. */
export interface Chosen { way: Way; segment: string; script: string }

const scriptDays = 90;

export function Whom({ document, go, isBusy, kept }: { document: unknown; go: (asked: NonNullable<Asked>) => void; isBusy: boolean; kept?: RefObject<Chosen | null> }) {
  const { path, query, route } = useLocation();
  const [way, setWay] = useState(ways.find(one => one === query.whom) ?? kept?.current?.way ?? 'recorded');
  const [segment, setSegment] = useState(query.segment ?? kept?.current?.segment ?? '');
  const [script, setScript] = useState(() => kept?.current?.script ?? written(document, 'answers'));
  // With whom stands in the address; people made up are too long for it.
  useEffect(() => {
    const { whom: _, segment: __, ...rest } = query;
    const asked = { ...rest, ...(way === 'recorded' ? {} : { whom: way }), ...(way === 'segment' && segment ? { segment } : {}) };
    if (query.whom !== asked.whom || query.segment !== asked.segment) route(`${path}?${new URLSearchParams(asked)}`, true);
  }, [way, segment]);
  useEffect(() => { if (kept) kept.current = { way, segment, script }; }, [way, segment, script]);
  const { data: segments } = useLoad<Page<ListedSegment>>(way === 'segment' ? '/api/segments' : null);
  const leads = read(script);
  const begin = (event: SubmitEvent) => {
    event.preventDefault();
    const from = new Date(now() - days * 86_400_000).toISOString();
    if (way === 'script') {
      if (leads) go({ leads, days: scriptDays });
    } else if (way === 'recorded' || segment) go({ recorded: { from, maxLeads: mostLeads, ...(way === 'segment' ? { segment } : {}) } });
  };
  return (
    <form class="card whom" onSubmit={begin}>
      <fieldset>
        <legend>{t('rehearsal.whom')}</legend>
        <p class="row">{ways.map(one => <label key={one} class="row"><input type="radio" name="whom" value={one} checked={way === one} onChange={() => setWay(one)} />{t(`rehearsal.whom.${one}`)}</label>)}</p>
      </fieldset>
      {way === 'segment' && (
        <label class="row">{t('leads.segment')}
          <select value={segment} onChange={event => setSegment(event.currentTarget.value)} required><option value="" />{segments?.items.filter(one => one.live !== undefined).map(one => <option key={one.id} value={one.id}>{one.name}</option>)}</select>
        </label>
      )}
      {way === 'script' && (
        <>
          <p class="row"><label class="row">{t('rehearsal.sample')} <select value="" onChange={event => { setScript(written(document, event.currentTarget.value as Sample)); event.currentTarget.value = ''; }}><option value="">{t('rehearsal.choose')}</option>{samples.map(one => <option key={one} value={one}>{t(`rehearsal.sample.${one}`)}</option>)}</select></label></p>
          <label for="script">{t('rehearsal.script')}</label>
          <textarea id="script" class="json" rows={12} spellcheck={false} value={script} aria-invalid={!leads} onInput={event => setScript(event.currentTarget.value)} />
          {!leads && <p class="problem-text" role="alert">{t('rehearsal.noScript')}</p>}
        </>
      )}
      <p class="row says"><span class="grow quiet">{way === 'script' ? t('rehearsal.scripted', { days: scriptDays }) : t('rehearsal.text', { days, most: mostLeads })}</span>
        <button class="primary" disabled={isBusy || (way === 'script' && !leads) || (way === 'segment' && !segment)}>{t(isBusy ? 'rehearsal.busy' : 'rehearsal.go')}</button></p>
    </form>
  );
}

const written = (document: unknown, sample: Sample) => JSON.stringify(scriptOf(document, sample, now()), null, 2);

function read(text: string): unknown[] | undefined {
  try {
    const leads: unknown = JSON.parse(text);
    return Array.isArray(leads) && leads.length > 0 ? leads : undefined;
  } catch {
    return undefined;
  }
}
