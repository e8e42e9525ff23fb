// A small line of how something went: the number beside it says where it is now. What is drawn is said in a sentence, and can be had as numbers.
import { number, region, t } from '../words/words';

const width = 96, height = 24, margin = 2;
const week = 7;

interface Drawn { /** By day, the oldest first; null where it is not known. */ values?: (number | null)[]; /** The top of their one scale, which begins at 0. */ most?: number; asNumbers?: boolean }

export function Line({ values, most = 100, asNumbers = false }: Drawn) {
  const known = (values ?? []).flatMap((value, at) => value === null ? [] : [{ at, value }]);
  if (!values || known.length < 2) return <svg class="spark" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" />;
  const top = Math.max(most, ...known.map(one => one.value));
  const x = (at: number) => margin + (width - 2 * margin) * at / (values.length - 1);
  const y = (value: number) => height - margin - (height - 2 * margin) * Math.max(0, value) / top;
  const [first, last] = [known[0]!, known.at(-1)!]; // there are two
  return (
    <figure class="course">
      <figcaption class="hidden">{t('line.says', { from: number(first.value, 0), to: number(last.value, 0), count: last.at - first.at })}</figcaption>
      {asNumbers ? <Numbers values={values} /> : (
        <svg class="spark" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <polyline points={known.map(one => `${x(one.at).toFixed(1)},${y(one.value).toFixed(1)}`).join(' ')} />
          <circle cx={x(last.at)} cy={y(last.value)} r="2" />
        </svg>
      )}
    </figure>
  );
}

/** Week by week, up to today. */
function Numbers({ values }: { values: (number | null)[] }) {
  const days = values.map((_, at) => values.length - 1 - at).filter(ago => ago % week === 0);
  const format = new Intl.NumberFormat(region.value, { style: 'unit', unit: 'day', unitDisplay: 'narrow' });
  return (
    <table class="inner">
      <thead><tr>{days.map(ago => <th key={ago} scope="col">{format.format(ago === 0 ? 0 : -ago)}</th>)}</tr></thead>
      <tbody><tr>{days.map(ago => { const value = values[values.length - 1 - ago]; return <td key={ago}>{value == null ? '–' : number(value, 0)}</td>; })}</tr></tbody>
    </table>
  );
}
