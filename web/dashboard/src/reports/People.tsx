// Exactly those whom a figure counts.
import { useRoute } from 'preact-iso';
import { useLoad } from '../api/load';
import type { CountedPerson, ShownMetric } from '../api/types';
import { PersonRow } from '../parts/Counted';
import { Pages } from '../parts/Pages';
import { useRowKeys } from '../parts/rows';
import { Title } from '../shell/Title';
import { t } from '../words/words';
import { dimensionName, metricName, pageOf, queryOf, valueName } from './figures';
import { Reading } from './Reading';

interface PeoplePage { items: CountedPerson[]; count: number; nextCursor?: string }

export function People() {
  const { params, query } = useRoute();
  useRowKeys();
  const id = params.metric!; // the route has one
  const metrics = useLoad<{ items: ShownMetric[] }>('/api/reports');
  const metric = metrics.data?.items.find(one => one.id === id);
  const said = Object.entries(query).filter(([name]) => metric?.dimensions.includes(name)).map(([name, value]) => `${dimensionName(name)}: ${valueName(name, value)}`);
  return (
    <>
      <Title text={metric ? metricName(metric) : t('reports.title')}><p class="quiet">{[query.from && query.to && `${query.from} – ${query.to}`, ...said].filter(Boolean).join(' · ')}</p></Title>
      <Reading />
      <p><a href={pageOf(id, query)}>{t('reports.back')}</a></p>
      <Pages<PeoplePage> key={queryOf(query)} path={`/api/reports/${id}/people?${queryOf({ ...query, limit: '25' })}`}>{(page, isFirst) => (
        <>
          {isFirst && <p class="quiet">{t('reports.people', { count: page.count })}</p>}
          <ol class="people card">{page.items.map(person => <PersonRow key={person.leadId} one={person} />)}</ol>
        </>
      )}</Pages>
    </>
  );
}
