// One message to many: to whom, what, about what, and when. It is sent by a button that says to how many, after one has seen who would get it.
import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { CampaignForecast, ListedSegment, ListedTemplate, Page, TopicSetting } from '../api/types';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { exact } from '../parts/When';
import { me, now } from '../session/session';
import { Dialog } from '../shell/Dialog';
import { number, t } from '../words/words';
import { localOf, momentOf } from './zoned';

/** No topic: everybody gets it, whatever they agreed to. */
const service = ' service';

/** @param isFirst There is none yet: it is open, and stays so when there is one. */
export function NewCampaign({ isFirst, again }: { isFirst: boolean; again: () => void }) {
  const [isOpen] = useState(isFirst);
  return <details class="card samples" open={isOpen}><summary>{t('campaigns.new')}</summary><Form again={again} /></details>;
}

interface Seen { asked: Asked; sends: string; forecast: CampaignForecast; once: string }

interface Asked { name: string; segment: string; template: string; topic?: string; service?: true; at?: string }

function Form({ again }: { again: () => void }) {
  const segments = useLoad<Page<ListedSegment>>('/api/segments');
  const templates = useLoad<Page<ListedTemplate>>('/api/templates');
  const topics = useLoad<TopicSetting>('/api/settings/topics');
  const [name, setName] = useState('');
  const [segment, setSegment] = useState('');
  const [template, setTemplate] = useState('');
  const [topic, setTopic] = useState('');
  const [at, setAt] = useState('');
  const [seen, setSeen] = useState<Seen>();
  const [done, setDone] = useState('');
  const { said, isBusy, act } = useSaying();
  const zone = me.value?.timeZone ?? 'UTC';
  const error = segments.error ?? templates.error ?? topics.error;
  if (error) return <Failure error={error} again={() => { for (const one of [segments, templates, topics]) one.again(); }} />;
  if (!segments.data || !templates.data || !topics.data) return <div class="tall" />;

  const live = templates.data.items.filter(one => one.live !== undefined && one.kind === 'email');
  const own = live.find(one => one.id === template)?.topic;
  const known = [...new Set([...topics.data.topics?.map(one => one.id) ?? [], ...live.flatMap(one => one.topic ?? [])])].sort();
  const asked: Asked = {
    name, segment, template, ...(topic === service ? { service: true } : topic && { topic }), ...(at && { at: momentOf(at, zone) })
  };
  const sends = t('campaigns.sends', {
    template: live.find(one => one.id === template)?.name ?? template, segment: segments.data.items.find(one => one.id === segment)?.name ?? segment,
    topic: topic === service ? t('campaigns.service') : topic || (own ? t('campaigns.ownTopic', { topic: own }) : '')
  });
  const look = () => act(async () => { setDone(''); setSeen({ asked, sends, forecast: await call<CampaignForecast>('/api/campaigns?dryRun=true', { method: 'POST', body: asked }), once: crypto.randomUUID() }); });
  // With the same key, however often: an answer that was lost makes no second one.
  const send = () => act(async () => {
    const { name, at } = seen!.asked; // it is pressed where they are shown
    await call('/api/campaigns', { method: 'POST', body: seen!.asked, once: seen!.once });
    setDone(at ? t('campaigns.planned', { name, at: exact(at) }) : t('campaigns.made', { name }));
    setSeen(undefined);
    setName('');
    again();
  });
  return (
    <form onSubmit={event => { event.preventDefault(); if (!isBusy) void look(); }}>
      <fieldset disabled={isBusy} class="filters send-many"><legend class="hidden">{t('campaigns.new')}</legend>
        <label><span>{t('campaigns.name')}</span><input required maxLength={200} value={name} onInput={event => setName(event.currentTarget.value)} /></label>
        <label><span>{t('campaigns.segment')}</span><select required value={segment} onChange={event => setSegment(event.currentTarget.value)}><option value="">{t('campaigns.choose')}</option>
          {segments.data.items.filter(one => one.live !== undefined).map(one => <option key={one.id} value={one.id}>{one.name}</option>)}</select></label>
        <label><span>{t('messages.template')}</span><select required value={template} onChange={event => { setTemplate(event.currentTarget.value); setTopic(''); }}><option value="">{t('campaigns.choose')}</option>
          {live.map(one => <option key={one.id} value={one.id}>{one.name}</option>)}</select></label>
        <label><span>{t('campaigns.topic')}</span><select required={!own} value={topic} onChange={event => setTopic(event.currentTarget.value)}><option value="">{own ? t('campaigns.ownTopic', { topic: own }) : t('campaigns.choose')}</option>
          {known.map(one => <option key={one} value={one}>{one}</option>)}{!own && <option value={service}>{t('campaigns.service')}</option>}</select></label>
        <label><span>{t('campaigns.at', { zone })}</span><input type="datetime-local" min={localOf(now(), zone)} value={at} onInput={event => setAt(event.currentTarget.value)} /></label>
      </fieldset>
      <p class="row"><button disabled={isBusy}>{t('campaigns.look')}</button><span class="quiet">{t('campaigns.lookMeans')}</span></p>
      <p class="problem-text" role="alert">{seen ? '' : said}</p>
      <p role="status" class="quiet">{done}</p>
      {seen && <Effect {...seen} said={said} isBusy={isBusy} send={send} close={() => setSeen(undefined)} />}
    </form>
  );
}

function Effect({ asked, sends, forecast, said, isBusy, send, close }: Seen & { said: string; isBusy: boolean; send: () => void; close: () => void }) {
  const count = forecast.send;
  return (
    <Dialog label={t('campaigns.effect', { name: asked.name })} close={close} isBusy={isBusy}>
      <h2>{t('campaigns.effect', { name: asked.name })}</h2>
      <p>{sends}</p>
      <p>{t('campaigns.recipients', { count: forecast.recipients })} · {t('campaigns.gets', { count: forecast.send })}{forecast.hold > 0 && ` · ${t('campaigns.held', { count: forecast.hold })}`}{forecast.skip > 0 && ` · ${t('campaigns.notToBeSent', { count: forecast.skip })}`}</p>
      {forecast.partial && <p class="ribbon">{t('publish.partial', { count: forecast.looked })}</p>}
      {forecast.skip > 0 && <ul class="plain">{Object.entries(forecast.notSent).map(([why, count]) => <li key={why}><span lang="en">{why}</span> <span class="quiet">{number(count)}</span></li>)}</ul>}
      {forecast.warnings.map(warning => <p class="leak" lang="en" key={warning.path}><span aria-hidden="true">▲ </span>{warning.message}</p>)}
      {asked.at && <p class="quiet">{t('campaigns.mayDiffer')}</p>}
      <p class="problem-text" role="alert">{said}</p>
      <p class="row"><button class="primary" type="button" aria-disabled={isBusy} onClick={() => !isBusy && send()}>{forecast.partial && `${t('campaigns.atLeast', { count })}: `}{asked.at ? t('campaigns.goAt', { count, at: exact(asked.at) }) : t(forecast.hold > 0 ? 'campaigns.goHeld' : 'campaigns.go', { count })}</button><button type="button" disabled={isBusy} onClick={close}>{t('publish.cancel')}</button></p>
    </Dialog>
  );
}
