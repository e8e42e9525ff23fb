// What is asked of a figure: which days, cut by what, of which sort.
import type { ShownMetric } from '../api/types';
import { Said } from '../parts/Said';
import { t, tOr } from '../words/words';
import { dimensionName, periods, today } from './figures';

type Asked = Record<string, string>;

export function Asking({ metric, asked, set }: { metric: ShownMetric; asked: Asked; set: (asked: Asked) => void }) {
  const put = (name: string, value: string) => set({ ...asked, [name]: value });
  const [first = '', second = ''] = (asked.by ?? '').split(',');
  const by = (...parts: string[]) => put('by', parts.filter((part, place) => part && parts.indexOf(part) === place).join(','));
  const isPeriod = (dimension: string) => periods.includes(dimension);
  const isAhead = metric.unit === 'expected';
  // Filters that came with a link are shown, and can be taken away.
  const filters = Object.keys(asked).filter(name => metric.dimensions.includes(name) && name !== 'origin');

  return (
    <form class="filters asking" onSubmit={event => event.preventDefault()}>
      {!isAhead && <label><span>{t('reports.from')}</span><input type="date" value={asked.from ?? ''} max={asked.to ?? today()} onChange={event => put('from', event.currentTarget.value)} /></label>}
      <label><span>{t('reports.to')}</span><input type="date" value={asked.to ?? ''} onChange={event => put('to', event.currentTarget.value)} /></label>
      <Choice label={t('reports.by')} value={first} options={metric.dimensions} usual={t('reports.asUsual')} set={value => by(value, second)} />
      {first && <Choice label={t('reports.andBy')} value={second} options={metric.dimensions.filter(one => one !== first && !(isPeriod(one) && isPeriod(first)))} usual="–" set={value => by(first, value)} />}
      {metric.options?.map(option => (
        <label key={option.name}><span>{tOr(`option.${option.name}`, option.name)}</span>
          <select value={asked[option.name] ?? option.values[0]} onChange={event => put(option.name, event.currentTarget.value)}>{option.values.map(value => <option key={value} value={value}>{tOr(`stage.${value}`, value)}</option>)}</select>
          {option.means && <span class="quiet"><Said>{option.means}</Said></span>}</label>
      ))}
      {!isAhead && <label class="check"><input type="checkbox" checked={asked.compare === 'previous'} onChange={event => put('compare', event.currentTarget.checked ? 'previous' : '')} /> {t('reports.compare')}</label>}
      {filters.map(name => <button key={name} type="button" onClick={() => put(name, '')} aria-label={t('reports.without', { name: dimensionName(name), value: asked[name]! })}>{dimensionName(name)}: {asked[name]} <span aria-hidden="true">×</span></button>)}
    </form>
  );
}

const Choice = ({ label, value, options, usual, set }: { label: string; value: string; options: string[]; usual: string; set: (value: string) => void }) => (
  <label><span>{label}</span><select value={value} onChange={event => set(event.currentTarget.value)}><option value="">{usual}</option>{options.map(option => <option key={option} value={option}>{dimensionName(option)}</option>)}</select></label>
);
