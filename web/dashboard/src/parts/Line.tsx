// A small line of how something went: the number beside it says where it is now.
import { number, t } from '../words/words';

const width = 96, height = 24, margin = 2;

/** @param values The oldest first; null where it is not known. They share one scale, from 0 to `most`. */
export function Line({ values, most = 100 }: { values?: (number | null)[]; most?: number }) {
  const known = (values ?? []).flatMap((value, at) => value === null ? [] : [{ at, value }]);
  if (!values || known.length < 2) return <svg class="spark" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" />;
  const top = Math.max(most, ...known.map(one => one.value));
  const x = (at: number) => margin + (width - 2 * margin) * at / (values.length - 1);
  const y = (value: number) => height - margin - (height - 2 * margin) * Math.max(0, value) / top;
  const [first, last] = [known[0]!, known.at(-1)!]; // there are two
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('line.says', { from: number(first.value, 0), to: number(last.value, 0), count: last.at - first.at })}>
      <polyline points={known.map(one => `${x(one.at).toFixed(1)},${y(one.value).toFixed(1)}`).join(' ')} />
      <circle cx={x(last.at)} cy={y(last.value)} r="2" />
    </svg>
  );
}
