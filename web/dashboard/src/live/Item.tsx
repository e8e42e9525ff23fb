import type { ComponentChildren } from 'preact';
import type { TailItem } from '../api/types';
import { stageName } from '../parts/marks';
import { Said } from '../parts/Said';
import { signed, t } from '../words/words';
import { lag, pointsOf, second, titleOf, whoOf, whyOf } from './say';

/** One event: what it is, whose, what became of it; the rest when it is opened. */
export function Item({ item }: { item: TailItem }) {
  const [points, who, why] = [pointsOf(item), whoOf(item), whyOf(item)];
  return (
    <li>
      <details>
        <summary data-row>
          <time dateTime={item.at}>{second(item.at)}</time>
          <b class="break">{titleOf(item)}</b>
          <span class={`stage outcome-${item.outcome}`}>{t(`outcome.${item.outcome}`)}</span>
          {!!points && <span class="number">{signed(points)}</span>}
          <span class="quiet break">{why ?? [item.page ?? item.origin, item.source].filter(Boolean).join(' · ')}</span>
        </summary>
        <dl>
          <Fact label="live.source" value={item.source} />
          <Fact label="live.page" value={item.page ?? item.origin} />
          <Fact label="live.why" value={[why, item.path && t('live.field', { path: item.path })].filter(Boolean).join(' · ')} />
          <Fact label="live.message" value={item.message && <Said>{item.message}</Said>} />
          <Fact label="live.inRequest" value={item.events} />
          <Fact label="live.lag" value={item.lagMs === undefined ? undefined : lag(item.lagMs)} />
          <Fact label="live.points" value={item.points?.map(({ rule, points }) => `${rule} ${signed(points)}`).join(', ')} />
          <Fact label="live.changed" value={[item.stage && t('change.stage', { stage: stageName(item.stage) }), item.entered?.length && t('change.entered', { names: item.entered.join(', ') }), item.left?.length && t('change.left', { names: item.left.join(', ') })].filter(Boolean).join(' · ')} />
          {item.journeys && <Fact label="live.journeys" value={item.journeys.map((id, place) => <>{place > 0 && ', '}<a href={`/app/journeys/${id}`}>{id}</a></>)} />}
          <Fact label="live.messageId" value={item.messageId && <code class="break">{item.messageId}</code>} />
        </dl>
      </details>
      {item.leadId ? <a class="whose" href={`/app/leads/${item.leadId}`}>{who ?? t('lead.title')}</a> : who && <span class="whose quiet">{who}</span>}
    </li>
  );
}

const Fact = ({ label, value }: { label: 'live.source' | 'live.message' | 'live.page' | 'live.why' | 'live.inRequest' | 'live.lag' | 'live.points' | 'live.changed' | 'live.journeys' | 'live.messageId'; value?: ComponentChildren }) =>
  value ? <><dt>{t(label)}</dt><dd>{value}</dd></> : null;
