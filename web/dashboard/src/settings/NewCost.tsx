import { useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { useLoad } from '../api/load';
import type { ListedJourney, Page, Report } from '../api/types';
import { useSaying } from '../parts/useSaying';
import { dimensionName, lastDays, queryOf } from '../reports/figures';
import { t } from '../words/words';
import { addCost, daysOf, idOf, spentOn, targets, type Target } from './spending';

/** Of what leads came by in a year: so that what is typed is what they came by. */
const looksBack = 365;

/** Another row of the month. */
export function NewCost({ month, currency: usual, again }: { month: string; currency: string; again: () => void }) {
  const [target, setTarget] = useState<Target | ''>('source');
  const [value, setValue] = useState('');
  const [kind, setKind] = useState('media');
  const [amount, setAmount] = useState('');
  const [currency, setCurrency] = useState(usual);
  const { said, isBusy, act } = useSaying();
  const known = useKnownValues(target);
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    void act(async () => {
      try {
        await addCost(await idOf(month, kind, target || undefined, value.trim()), { ...daysOf(month), amount: Number(amount), currency: currency.trim().toUpperCase(), ...(kind ? { kind } : {}), ...(target ? { [target]: value.trim() } : {}) });
      } catch (error) {
        throw error instanceof ApiError && error.status === 412 ? new ApiError(412, t('costs.twice')) : error;
      }
      setValue('');
      setAmount('');
      again();
    });
  };
  return (
    <form class="filters asking" onSubmit={add} aria-label={t('costs.add')}>
      <label><span>{t('costs.for')}</span><select value={target} onChange={event => { setTarget(event.currentTarget.value as Target | ''); setValue(''); }}>
        {targets.map(one => <option key={one} value={one}>{dimensionName(one)}</option>)}<option value="">{t('costs.all')}</option></select></label>
      {target && <label><span>{dimensionName(target)}</span><input required maxLength={100} list="cost-values" value={value} onInput={event => setValue(event.currentTarget.value)} /><datalist id="cost-values">{known.map(one => <option key={one} value={one} />)}</datalist></label>}
      <label><span>{t('costs.kind')}</span><select value={kind} onChange={event => setKind(event.currentTarget.value)}>{spentOn.map(one => <option key={one} value={one}>{t(`cost.${one}`)}</option>)}<option value="">{t('cost.other')}</option></select></label>
      <label><span>{t('costs.amount')}</span><input required type="number" inputMode="decimal" min="0" step="any" value={amount} onInput={event => setAmount(event.currentTarget.value)} /></label>
      <label><span>{t('costs.currency')}</span><input required pattern="[A-Za-z]{3}" maxLength={3} value={currency} onInput={event => setCurrency(event.currentTarget.value)} /></label>
      <button class="primary" disabled={isBusy || amount.trim() === ''}>{t('costs.add')}</button>
      <p class="problem-text" role="alert">{said}</p>
    </form>
  );
}

function useKnownValues(target: Target | ''): string[] {
  const journeys = useLoad<Page<ListedJourney>>(target === 'journey' ? '/api/journeys' : null);
  const report = useLoad<Report>(target === 'source' || target === 'firstCampaign' ? `/api/reports/new-leads?${queryOf({ ...lastDays(looksBack), by: target, limit: '100' })}` : null);
  return target === 'journey' ? journeys.data?.items.map(one => one.id) ?? [] : report.data?.rows.map(row => String(row[target])).filter(value => !value.startsWith('(')) ?? [];
}
