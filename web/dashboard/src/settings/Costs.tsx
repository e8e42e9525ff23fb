// What was spent on winning leads, a month at a time: figures such as the cost of an MQL are nothing without it.
import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { Page, ShownCost } from '../api/types';
import { monthIn, neighbour } from '../calendar/month';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { day, dimensionName, monthName, pageOf } from '../reports/figures';
import { t } from '../words/words';
import { changeAmount, daysOf, isOf, removeCost, targetOf, touches } from './spending';
import { NewCost } from './NewCost';

export function Costs() {
  const { query } = useRoute();
  const { route } = useLocation();
  const { data, error, again } = useLoad<Page<ShownCost>>('/api/costs');
  const month = monthIn(query.month);
  const title = monthName(month);
  const of = data?.items.filter(cost => touches(cost, month)).sort((one, other) => one.id < other.id ? -1 : 1) ?? [];
  const to = (month: string) => `/app/settings?part=costs&month=${month}`;
  return (
    <section class="card">
      <h2>{t('costs.title', { month: title })}</h2>
      {error && <Failure error={error} again={again} />}
      <p class="row months"><a class="button" href={to(neighbour(month, -1))} aria-label={t('calendar.before')}>‹</a>
        <label><span class="hidden">{t('costs.month')}</span><input type="month" value={month} onChange={event => route(to(monthIn(event.currentTarget.value)))} /></label>
        <a class="button" href={to(neighbour(month, 1))} aria-label={t('calendar.after')}>›</a>
        <a href={pageOf('cost-per-mql', daysOf(month))}>{t('metric.cost-per-mql')}</a></p>
      <p class="quiet">{t('costs.text')}</p>
      {of.length > 0 && (
        <div class="scrolls" tabIndex={0} role="group" aria-label={t('costs.title', { month: title })}><table class="inner">
          <thead><tr><th scope="col">{t('costs.for')}</th><th scope="col">{t('costs.kind')}</th><th scope="col" class="number">{t('costs.amount')}</th><th scope="col"><span class="hidden">{t('costs.save')}</span></th></tr></thead>
          <tbody>{of.map(cost => <Row key={cost.id} cost={cost} isWhole={isOf(cost, month)} again={again} />)}</tbody>
        </table></div>
      )}
      {data && of.length === 0 && <p class="empty">{t('costs.none')}</p>}
      {!data && !error && <div class="tall" />}
      {data && <NewCost key={month} month={month} currency={of[0]?.currency ?? data.items.at(-1)?.currency ?? 'EUR'} again={again} />}
    </section>
  );
}

export const forWhom = (cost: ShownCost) => {
  const target = targetOf(cost);
  return target ? `${dimensionName(target.target)}: ${target.value}` : t('costs.all');
};

function Row({ cost, isWhole, again }: { cost: ShownCost; isWhole: boolean; again: () => void }) {
  const [amount, setAmount] = useState(String(cost.amount));
  const { said, isBusy, act } = useSaying();
  const [isStale, setIsStale] = useState(false);
  const [isSure, setIsSure] = useState(false);
  // What somebody else made of it is shown; what is being typed stays.
  useEffect(() => { if (!isStale) setAmount(String(cost.amount)); }, [cost.updatedAt]);
  const isChanged = amount.trim() !== '' && Number(amount) !== cost.amount;
  const what = `${cost.name ?? forWhom(cost)}, ${cost.kind ? t(`cost.${cost.kind}`) : t('cost.other')}`;
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (isChanged) void act(async () => { setIsStale(!await changeAmount(cost, Number(amount))); again(); });
  };
  const remove = () => act(async () => { setIsStale(!await removeCost(cost)); setIsSure(false); again(); });
  return (
    <tr>
      <th scope="row">{cost.name && <>{cost.name}<br /></>}<span class={cost.name ? 'quiet' : undefined}>{forWhom(cost)}</span>{!isWhole && <span class="quiet beside">{t('costs.spread', { from: day(cost.from), to: day(cost.to) })}</span>}
        <span class="problem-text" role="alert">{isStale ? t('costs.stale') : said}</span></th>
      <td>{cost.kind ? t(`cost.${cost.kind}`) : t('cost.other')}</td>
      <td class="number"><form class="row amount" id={`cost-${cost.id}`} onSubmit={save}><input type="number" inputMode="decimal" min="0" step="any" aria-label={t('costs.amountOf', { what })} value={amount} onInput={event => setAmount(event.currentTarget.value)} /> {cost.currency}</form></td>
      <td><span class="row"><button form={`cost-${cost.id}`} disabled={!isChanged || isBusy} aria-label={t('costs.saveOf', { what })}>{t('setting.save')}</button>
        <button disabled={isBusy} aria-expanded={isSure} aria-label={t('costs.removeOf', { what })} onClick={() => setIsSure(!isSure)}>{t('costs.remove')}</button>
        {isSure && <button class="primary" disabled={isBusy} onClick={remove}>{t('costs.removeGo', { what })}</button>}</span></td>
    </tr>
  );
}
