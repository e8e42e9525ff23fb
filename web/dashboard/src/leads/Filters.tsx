import { useLocation } from 'preact-iso';
import { useLoad } from '../api/load';
import type { LeadCounts, Lifecycle, ListedSegment, Page } from '../api/types';
import { stageName } from '../parts/marks';
import { SearchField } from '../parts/SearchField';
import { t } from '../words/words';
import { failedDays, pageOf, withOne, type Filter, type Name } from './filter';

const stages = ['subscriber', 'lead', 'mql', 'sal', 'sql', 'customer', 'promoter', 'recycled', 'disqualified', 'churned'];
const sorts = ['engagement', 'lastSeen', 'newest', 'name'] as const;

export function Filters({ filter, counts }: { filter: Filter; counts?: LeadCounts }) {
  const { route } = useLocation();
  const segments = useLoad<Page<ListedSegment>>('/api/segments');
  const lifecycle = useLoad<Lifecycle>('/api/lifecycle');
  const set = (name: Name, value: string) => route(pageOf(withOne(filter, name, value)), true);
  const named = new Map<string, string>(lifecycle.data?.document.stages.map(stage => [stage.id, stage.name ?? stage.id]));
  const lists = (segments.data?.items ?? []).filter(segment => segment.state === 'live');

  const only = filter.near ? t('leads.near', { stage: stageName(filter.near), points: counts?.near?.points ?? '…' }) : filter.sends === 'held' ? t('troubled.held') : filter.sends === 'failed' ? t('troubled.failed', { count: failedDays }) : undefined;

  return (
    <>
      {only && <p class="ribbon row"><span class="grow">{only}</span><a href={pageOf(withOne(withOne(filter, 'near', ''), 'sends', ''))}>{t('leads.all')}</a></p>}
      <form class="filters" role="search" onSubmit={event => event.preventDefault()}>
        <label><span>{t('leads.search')}</span><SearchField value={filter.q ?? ''} set={value => set('q', value)} placeholder={t('leads.searchHint')} /></label>
        <Choice label={t('leads.stage')} value={filter.stage} set={value => set('stage', value)} options={stages.map(stage => [stage, named.get(stage) && stageName(stage) === stage ? named.get(stage)! : stageName(stage)])} every={t('leads.every')} />
        <Choice label={t('leads.segment')} value={filter.segment} set={value => set('segment', value)} options={lists.map(segment => [segment.id, segment.name])} every={t('leads.every')} />
        <Choice label={t('leads.sort')} value={filter.sort} set={value => set('sort', value === 'engagement' ? '' : value)} options={sorts.map(sort => [sort, t(`leads.sort.${sort}`)])} />
      </form>
    </>
  );
}

function Choice({ label, value, options, every, set }: { label: string; value?: string; options: [string, string][]; every?: string; set: (value: string) => void }) {
  // What the address names stays chosen, also where this list does not know it.
  const all = value && options.every(([id]) => id !== value) ? [...options, [value, value] as [string, string]] : options;
  return <label><span>{label}</span><select value={value ?? (every ? '' : all[0]![0])} onChange={event => set(event.currentTarget.value)}>{every && <option value="">{every}</option>}{all.map(([id, text]) => <option key={id} value={id}>{text}</option>)}</select></label>;
}
