// One figure: what it means, how it was, and whom it counts. What is asked stands in the address, by the names of the API.
import { useLocation, useRoute } from 'preact-iso';
import { useMemo } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { Report, ReportRow, ShownMetric } from '../api/types';
import { download } from '../parts/download';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { exact } from '../parts/When';
import { NotFound } from '../shell/NotFound';
import { Title } from '../shell/Title';
import { number, t } from '../words/words';
import { Asking } from './Asking';
import { Chart } from './Chart';
import { courseOf } from './course';
import { besides, figure, metricMeans, metricName, pageOf, periodName, periods, queryOf, valueName, dimensionName } from './figures';
import { Missing } from './Missing';
import { Reading } from './Reading';

const mostRows = '500';

export function Metric() {
  const { params, query: { show, ...query } } = useRoute();
  const { route } = useLocation();
  const { said, isBusy, act } = useSaying();
  const metrics = useLoad<{ items: ShownMetric[] }>('/api/reports');
  const metric = metrics.data?.items.find(one => one.id === params.metric);
  if (metrics.data && !metric) return <NotFound />;
  return (
    <>
      <Title text={metric ? metricName(metric) : t('reports.title')}>
        {metric && <button disabled={isBusy} onClick={() => act(() => download(`/api/reports/${metric.id}.csv?${queryOf(query)}`, `${metric.id}.csv`))}>{t('reports.file')}</button>}
      </Title>
      <p class="problem-text" role="alert">{said}</p>
      <Reading />
      {metrics.error && <Failure error={metrics.error} again={metrics.again} />}
      {metric && (
        <>
          <p class="says">{metricMeans(metric)}</p>
          <Asking metric={metric} asked={query} set={asked => route(pageOf(metric.id, { ...asked, ...(show ? { show } : {}) }), true)} />
          <Figures key={queryOf(query)} metric={metric} asked={query} isTable={show === 'table'} setTable={isTable => route(pageOf(metric.id, { ...query, ...(isTable ? { show: 'table' } : {}) }), true)} />
          <details><summary class="quiet">{t('reports.means')}</summary><p class="quiet" lang="en">{metric.definition} {metric.edges}</p></details>
        </>
      )}
    </>
  );
}

/** @param isTable The numbers are shown where there are lines of them; where there are none, always. */
function Figures({ metric, asked, isTable, setTable }: { metric: ShownMetric; asked: Record<string, string>; isTable: boolean; setTable: (isTable: boolean) => void }) {
  const pathOf = (by?: string) => `/api/reports/${metric.id}?${queryOf({ ...asked, ...(by ? { by } : {}), limit: mostRows })}`;
  const { data: report, error, again } = useLoad<Report>(pathOf());
  const unit = report?.by.find(by => periods.includes(by));
  const whole = useLoad<Report>(report && unit && report.by.length > 1 ? pathOf(unit) : null);
  const byTime = report && report.by.length > 1 ? whole.data : report;
  const course = useMemo(() => report && unit && byTime && !report.nextCursor ? courseOf(report, unit, byTime, metric.unit === 'count') : undefined, [report, unit, byTime]);
  if (!report) return error ? <Failure error={error} again={again} /> : <div class="tall" />;
  const rows = report.rows.length > 0 ? report.rows : [report.total];
  const most = Math.max(...rows.map(row => row.value ?? 0), Number.MIN_VALUE);
  const range = { from: report.from, to: report.to };
  const { by: _by, compare: _compare, ...where } = asked;
  const open = new Map(report.incomplete.map(period => [periods.map(unit => period[unit]).find(Boolean) ?? '', period.why]));
  const ends = course?.lines.length === 1 ? endsOf(course.lines[0]!.values) : undefined;
  const nameAt = (at: number) => periodName(unit!, course!.periods[at]!); // there is a course, and so a unit
  const say = (value: number | null) => figure(value, metric, report.currency);
  const table = (
    <div class="scrolls" tabIndex={0} role="group" aria-label={metricName(metric)}><table class="inner">
      <thead><tr>
        {report.by.map(by => <th key={by} scope="col">{dimensionName(by)}</th>)}{report.rows.length === 0 && <td />}
        <th scope="col" class="number">{metricName(metric)}</th><th scope="col" class="wide"><span class="hidden">{t('reports.bar')}</span></th><th scope="col" class="number">{t('reports.counted')}</th>
      </tr></thead>
      <tbody>{rows.map(row => <Line key={report.by.map(by => row[by]).join('|')} row={row} />)}</tbody>
      {report.rows.length > 0 && !metric.each && <tfoot><Line row={report.total} isTotal /></tfoot>}
    </table></div>
  );
  return (
    <figure class="card figures">
      <figcaption>
        {!metric.each && <><strong>{figure(report.total.value, metric, report.currency)}</strong> </>}
        {t('reports.range', { from: report.from, to: report.to, zone: report.zone })} {t('reports.people', { count: report.total.people })}
        {report.compare && !metric.each && <> {t('reports.before', { value: figure(report.compare.total.value, metric, report.currency) })}.</>}
        {open.has('') && <> {t('reports.mayChange')}</>}
        {ends && <> {t('chart.says', { from: say(ends.first.value), begin: nameAt(ends.first.at), to: say(ends.last.value), end: nameAt(ends.last.at), most: say(ends.most.value), when: nameAt(ends.most.at) })}</>}
        {course?.periods.some(period => open.has(period)) && <> {t('chart.hatched')}</>}
        <span class="quiet"> {t('home.asOf', { at: exact(report.factsThrough, { timeStyle: 'short' }) })}</span>
      </figcaption>
      {report.total.people === 0 && !metric.dimensions.some(dimension => asked[dimension]) && <Missing metric={metric.id} />}
      {course ? (
        <>
          <Chart course={course} labels={course.periods.map((_, at) => nameAt(at))} open={course.periods.map(period => open.has(period))} nameOf={line => valueName(report.by.find(by => by !== unit) ?? '', line)} say={say} />
          <details class="numbers" open={isTable} onToggle={event => { if (event.currentTarget.open !== isTable) setTable(event.currentTarget.open); }}><summary>{t('chart.table')}</summary>{table}</details>
        </>
      ) : unit && !byTime && !whole.error ? <div class="plot" /> : table}
      {report.nextCursor && <p class="quiet">{t('reports.more', { count: report.rows.length })}</p>}
    </figure>
  );

  function Line({ row, isTotal }: { row: ReportRow; isTotal?: boolean }) {
    const isOne = isTotal || report!.rows.length === 0; // it is there
    const of = isOne ? {} : Object.fromEntries(report!.by.map(by => [by, String(row[by])]));
    const isOpen = !isOne && unit !== undefined && open.has(String(row[unit]));
    return (
      <tr class={isOpen ? 'open' : undefined}>
        {isOne ? <th scope="row" colSpan={Math.max(1, report!.by.length)}>{t('reports.whole')}</th>
          : report!.by.map((by, place) => place === 0 ? <th key={by} scope="row">{valueName(by, String(row[by]))}{isOpen && <span class="quiet"> {t('reports.open')}</span>}</th> : <td key={by}>{valueName(by, String(row[by]))}</td>)}
        <td class="number">{figure(row.value, metric, report!.currency)}<span class="quiet beside">{besides(row, metric, report!.currency)}</span></td>
        <td class="wide">{!isTotal && <meter min={0} max={most} value={row.value ?? 0} aria-hidden="true" />}</td>
        <td class="number">{row.people > 0 && !(isOne && metric.each) ? <a href={pageOf(metric.id, { ...where, ...range, ...of }, true)} aria-label={t('reports.show', { count: row.people })}>{number(row.people, 0)}</a> : number(row.people, 0)}</td>
      </tr>
    );
  }
}

/** Where a line begins and ends, and where it is highest; of what is known. */
function endsOf(values: (number | null)[]) {
  const known = values.flatMap((value, at) => value === null ? [] : [{ at, value }]);
  const [first, last] = [known[0], known.at(-1)];
  return first && last && first !== last ? { first, last, most: known.reduce((most, one) => one.value > most.value ? one : most) } : undefined;
}
