// Who belongs, and how does it move? Each segment with its size, who came and went, and what asks for it.
import { useRoute } from 'preact-iso';
import { useLoad } from '../api/load';
import type { ListedSegment, Page, SegmentUse } from '../api/types';
import { kindOf, pageOf } from '../definitions/kinds';
import { Failure } from '../parts/Failure';
import { Opens } from '../parts/Opens';
import { useRowKeys } from '../parts/rows';
import { queryOf } from '../reports/figures';
import { may } from '../session/session';
import { Title } from '../shell/Title';
import { number, t, tOr } from '../words/words';
import { Movers, utcDay } from './Movers';

const order = ['live', 'draft', 'retired'];

export function Segments() {
  const { segment, day, way } = useRoute().query;
  return segment && day && way ? <Movers id={segment} day={day} way={way} /> : <All />;
}

function All() {
  const { data, error, again } = useLoad<Page<ListedSegment>>('/api/segments?with=use');
  useRowKeys();
  const segments = [...data?.items ?? []].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state) || one.name.localeCompare(other.name));
  const days = segments[0]?.use?.days ?? 14;
  return (
    <>
      <Title text={t('segments.title')}>{may('marketer') && <a href="/app/rules/segments" data-edit="/app/rules/segments">{t('journeys.edit')}</a>}</Title>
      {error && <Failure error={error} again={again} />}
      {!data && !error && <div class="tall" />}
      {data && segments.length === 0 && <p class="empty">{t('segments.none')} {may('marketer') && <a href="/app/rules/segments/pricing">{t('empty.segment')}</a>}</p>}
      {segments.length > 0 && (
        <table class="leads segments">
          <caption class="quiet">{t('segments.means')}</caption>
          <thead><tr><th scope="col">{t('segments.name')}</th><th scope="col">{t('segments.size')}</th><th scope="col">{t('segments.moves', { count: days })}</th><th scope="col" class="wide">{t('segments.by')}</th></tr></thead>
          <tbody>{segments.map(segment => (
            <tr key={segment.id}>
              <th scope="row"><a data-row data-edit={`/app/rules/segments/${segment.id}`} href={`/app/rules/segments/${segment.id}`}>{segment.name}</a><span class="quiet">{tOr(`state.${segment.state}`, segment.state)}</span>{segment.use && <span class="narrow quiet"><UsedBy use={segment.use} /></span>}</th>
              <td class="number">{segment.live !== undefined && segment.use ? <a href={`/app/leads?segment=${encodeURIComponent(segment.id)}`}>{number(segment.use.members)}</a> : <span class="quiet">–</span>}</td>
              <td>{segment.live !== undefined && segment.use && <Moves id={segment.id} use={segment.use} />}</td>
              <td class="wide">{segment.use && <UsedBy use={segment.use} />}</td>
            </tr>
          ))}</tbody>
        </table>
      )}
    </>
  );
}

function Moves({ id, use }: { id: string; use: SegmentUse }) {
  const sum = (of: (day: SegmentUse['moves'][number]) => number) => use.moves.reduce((sum, day) => sum + of(day), 0);
  if (use.moves.length === 0) return <span class="quiet">{t('segments.still')}</span>;
  return (
    <details>
      <summary><span class="number">+{number(sum(day => day.in))} −{number(sum(day => day.out))}</span></summary>
      <table class="inner">
        <thead><tr><th scope="col">{t('segments.day')}</th><th scope="col" class="number">{t('segments.in')}</th><th scope="col" class="number">{t('segments.out')}</th></tr></thead>
        <tbody>{[...use.moves].reverse().map(day => <tr key={day.day}><th scope="row">{utcDay(day.day)}</th><td class="number"><Moved id={id} day={day.day} way="in" count={day.in} /></td><td class="number"><Moved id={id} day={day.day} way="out" count={day.out} /></td></tr>)}</tbody>
      </table>
    </details>
  );
}

const Moved = ({ id, day, way, count }: { id: string; day: string; way: 'in' | 'out'; count: number }) =>
  <Opens count={count} href={`/app/segments?${queryOf({ segment: id, day, way })}`} label={`${t(`segments.${way}`)}, ${utcDay(day)}: ${number(count)}`}>{number(count)}</Opens>;

/** Where the page of each kind is. */
const pageFor = (kind: string, id: string) => {
  const found = kindOf(kind);
  return kind === 'journeys' ? `/app/journeys/${id}` : found ? pageOf(found, id) : '/app/messages?part=campaigns';
};

const UsedBy = ({ use }: { use: SegmentUse }) => use.by.length === 0
  ? <span class="quiet">{t('segments.nobody')}</span>
  : <>{use.by.map((asker, place) => <>{place > 0 && ', '}<a href={pageFor(asker.kind, asker.id)}>{tOr(`kind.${asker.kind}`, asker.kind === 'campaigns' ? t('messages.campaigns') : asker.kind)} {asker.kind === 'lifecycle' ? '' : asker.id}</a></>)}</>;
