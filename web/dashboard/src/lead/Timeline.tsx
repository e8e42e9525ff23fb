import { useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { Page, TimelineItem } from '../api/types';
import { Failure } from '../parts/Failure';
import { eventName } from '../parts/events';
import { stageName } from '../parts/marks';
import { Said } from '../parts/Said';
import { exact, When } from '../parts/When';
import { percent, signed, t } from '../words/words';

/** What happened, newest first, and what it changed. */
export function Timeline({ path }: { path: string }) {
  const [cursors, setCursors] = useState<string[]>([]);
  return (
    <section class="card">
      <h2>{t('timeline.title')}</h2>
      {[undefined, ...cursors].map((cursor, place) => (
        <Part key={cursor ?? ''} path={`${path}/timeline?limit=30${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`} more={place === cursors.length ? next => setCursors([...cursors, next]) : undefined} />
      ))}
    </section>
  );
}

function Part({ path, more }: { path: string; more?: (cursor: string) => void }) {
  const { data, error, again } = useLoad<Page<TimelineItem>>(path);
  if (error && !data) return <Failure error={error} again={again} />;
  return (
    <>
      <ol class="timeline">{data?.items.filter(isSeen).map(item => <Item key={item.id} item={item} />)}</ol>
      {data?.items.length === 0 && <p class="empty">{t('timeline.none')}</p>}
      {more && data?.nextCursor && <button onClick={() => more(data.nextCursor!)}>{t('timeline.more')}</button>}
    </>
  );
}

function Item({ item }: { item: TimelineItem }) {
  const points = item.points.reduce((sum, earned) => sum + earned.points, 0);
  return (
    <li>
      <When at={item.at} />
      <div class="grow">
        <b>{eventName(item.name)}</b> <span class="quiet break">{about(item)}</span>
        {changes(item).map(change => <p key={change} class="change">{change}</p>)}{item.changes?.message?.reason && <p class="quiet"><Said>{item.changes.message.reason}</Said></p>}
        <Confidence properties={item.properties} />
      </div>
      {points !== 0 && <span class="number" title={item.points.map(earned => `${earned.rule} ${signed(earned.points)}`).join(', ')}>{signed(points)}</span>}
    </li>
  );
}

/** How sure it is that a person did it, and not a mail scanner. */
function Confidence({ properties }: { properties?: Record<string, unknown> }) {
  const confidence = properties?.confidence;
  return typeof confidence === 'number' ? <p class="quiet">{t(confidence >= 0.5 ? 'timeline.human' : 'timeline.machine', { percent: percent(confidence, 0) })}</p> : null;
}

const text = (value: unknown) => typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
// What a journey asks of its lead is no act of anybody's, unless it changed something.
const isSeen = (item: TimelineItem) => item.type !== 'journey' || !!item.changes;

const about = ({ type, properties = {} }: TimelineItem) =>
  type === 'stage' || type === 'owner' ? [text(properties.reason), text(properties.by)].filter(Boolean).join(' · ')
    : text(properties.text) ?? text(properties.title) ?? text(properties.path) ?? text(properties.url) ?? text(properties.subject) ?? text(properties.formName) ?? text(properties.name) ?? text(properties.orderId) ?? '';

function changes({ changes }: TimelineItem): string[] {
  if (!changes) return [];
  const { traits, stage, merged, unmerged, entered, left, owner, message } = changes;
  return [
    stage && t('change.stage', { stage: stageName(stage) }),
    owner !== undefined && (owner ? t('change.owner', { owner }) : t('change.noOwner')),
    entered?.length && t('change.entered', { names: entered.join(', ') }),
    left?.length && t('change.left', { names: left.join(', ') }),
    traits?.length && t('change.traits', { names: traits.join(', ') }),
    merged && t('change.merged', { id: merged.slice(0, 8) }),
    unmerged && t('change.unmerged', { id: unmerged.slice(0, 8) }),
    message && [t(`change.message.${message.answer === 'send' ? 'send' : message.answer === 'hold' ? 'hold' : 'skip'}`), message.until && exact(message.until)].filter(Boolean).join(' · ')
  ].filter((change): change is string => !!change);
}
