// Is data arriving, and what happens to it?
import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { Page, Source, TailItem } from '../api/types';
import { Failure } from '../parts/Failure';
import { useRowKeys } from '../parts/rows';
import { SearchField } from '../parts/SearchField';
import { may } from '../session/session';
import { useKeys } from '../shell/keys';
import { Title } from '../shell/Title';
import { number, t } from '../words/words';
import { Item } from './Item';
import { useTail } from './useTail';

const filters = ['source', 'outcome', 'name', 'lead'] as const;
const outcomes = ['accepted', 'applied', 'duplicate', 'refused', 'failed'] as const satisfies readonly TailItem['outcome'][];

/** So often what came is said to those who listen; not each event. */
const saidEvery = 15_000;

export function Live() {
  const { query } = useRoute();
  const { route } = useLocation();
  const filter = Object.fromEntries(filters.filter(name => query[name]).map(name => [name, query[name]!]));
  const isPaused = query.paused === 'yes';
  const set = (name: string, value: string) => {
    const next = new URLSearchParams({ ...filter, ...(isPaused ? { paused: 'yes' } : {}) });
    if (value) next.set(name, value);
    else next.delete(name);
    route(next.size > 0 ? `/app/live?${next}` : '/app/live', true);
  };
  const pause = () => set('paused', isPaused ? '' : 'yes');
  const { data: sources } = useLoad<Page<Source>>('/api/sources');
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isHeld = isPaused || isPointed || isFocused; // nothing moves away from who reads it
  const stream = useTail(new URLSearchParams(filter).toString(), isHeld);
  useRowKeys();
  useKeys(event => {
    if (event.key !== 'p') return false;
    pause();
    return true;
  });

  return (
    <>
      <Title text={t('live.title')}>
        <button aria-pressed={isPaused} onClick={pause}>{t('live.pause')} <kbd aria-hidden="true">P</kbd></button>
        <a class="button" href="/app/live/install">{t('live.check')}</a>
      </Title>
      <p class="quiet says">{t('live.text')}</p>
      <form class="filters live-filters" onSubmit={event => event.preventDefault()}>
        <label><span>{t('live.name')}</span><SearchField placeholder={t('live.nameHint')} value={filter.name ?? ''} set={value => set('name', value)} /></label>
        <label><span>{t('live.source')}</span><select value={filter.source ?? ''} onChange={event => set('source', event.currentTarget.value)}>
          <option value="">{t('live.every')}</option>{(sources?.items ?? []).map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </select></label>
        <label><span>{t('live.outcome')}</span><select value={filter.outcome ?? ''} onChange={event => set('outcome', event.currentTarget.value)}>
          <option value="">{t('live.every')}</option>{outcomes.map(outcome => <option key={outcome} value={outcome}>{t(`outcome.${outcome}`)}</option>)}
        </select></label>
      </form>
      {filter.lead && <p class="says">{t('live.ofLead')} <a href={`/app/leads/${filter.lead}`}>{t('lead.title')}</a> · <a href="/app/live">{t('live.all')}</a></p>}
      {stream.error && <Failure error={stream.error} again={stream.again} />}
      <p class="held">{stream.waiting > 0 ? t('live.new', { count: stream.waiting }) : isHeld ? t('live.paused') : ' '}</p>
      <Arrived came={stream.came} />
      <ol class="card live" aria-label={t('live.title')} aria-busy={!stream.answer}
        onPointerEnter={event => setPointed(event.pointerType === 'mouse')} onPointerLeave={() => setPointed(false)} onFocusIn={() => setFocused(true)} onFocusOut={() => setFocused(false)}>
        {stream.items.map(item => <Item key={item.id} item={item} />)}
        {stream.items.length === 0 && <li class="empty">{stream.answer && stream.waiting === 0 ? <Empty isFiltered={Object.keys(filter).length > 0} /> : ' '}</li>}
      </ol>
      {stream.notShown > 0 && <p class="ribbon">{t('live.notShown', { count: stream.notShown, shown: number(stream.notShown) })}</p>}
    </>
  );
}

const Empty = ({ isFiltered }: { isFiltered: boolean }) => isFiltered
  ? <>{t('live.noneHere')} <a href="/app/live">{t('live.all')}</a></>
  : <>{t('live.none')} {may('admin') ? <a href="/app/live/install">{t('live.check')}</a> : t('live.askAdmin')}</>;

/** For those who do not see the list: how many came since it was said last. */
function Arrived({ came }: { came: number }) {
  const [said, setSaid] = useState('');
  const [latest, before] = [useRef(came), useRef(came)];
  latest.current = came;
  useEffect(() => {
    const timer = setInterval(() => {
      const fresh = latest.current - before.current;
      before.current = latest.current;
      setSaid(fresh > 0 ? t('live.new', { count: fresh }) : '');
    }, saidEvery);
    return () => clearInterval(timer);
  }, []);
  return <p class="hidden" role="status">{said}</p>;
}
