// What figures are to come to, set here and held against where they began; Reports shows them to everybody.
import { useState } from 'preact/hooks';
import { call, callTagged } from '../api/client';
import { useLoad } from '../api/load';
import type { Page, ShownGoal, ShownMetric } from '../api/types';
import { Failure } from '../parts/Failure';
import { Pages } from '../parts/Pages';
import { useSaying } from '../parts/useSaying';
import { day, dimensionName, figure, metricName, pageOf } from '../reports/figures';
import { Reading } from '../reports/Reading';
import { t } from '../words/words';
import { GoalFields } from './GoalFields';
import { documentOf, filterOf, formOf, freeId, newGoal } from './goals';

const pathOf = (id: string) => `/api/goals/${encodeURIComponent(id)}`;

export function GoalsPart() {
  const metrics = useLoad<{ items: ShownMetric[] }>('/api/reports');
  const [turn, setTurn] = useState(0);
  const changed = () => setTurn(turn + 1);
  return (
    <section class="card">
      <h2>{t('settings.goals')}</h2>
      <p class="quiet">{t('goalsOf.text')} <a href="/app/reports">{t('reports.title')}</a></p>
      <Reading />
      {metrics.error && <Failure error={metrics.error} again={metrics.again} />}
      {metrics.data ? <Pages<Page<ShownGoal>> key={turn} path="/api/goals?">{(page, isFirst) => (
        <>
          {isFirst && <New metrics={metrics.data!.items} taken={page.items.map(goal => goal.id)} changed={changed} />}
          {page.items.length === 0 && <p class="empty">{t('goalsOf.none')}</p>}
          <ul class="plain">{page.items.map(goal => <One key={goal.id} goal={goal} metrics={metrics.data!.items} changed={changed} />)}</ul>
        </>
      )}</Pages> : !metrics.error && <div class="tall" />}
    </section>
  );
}

function New({ metrics, taken, changed }: { metrics: ShownMetric[]; taken: string[]; changed: () => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const { said, isBusy, act } = useSaying();
  return (
    <>
      <p><button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>{t('goalsOf.new')}</button></p>
      {isOpen && <GoalFields metrics={metrics} begin={newGoal()} isBusy={isBusy} save={form => act(async () => {
        await call(pathOf(freeId(form.metric, taken)), { method: 'PUT', ifNoneMatch: '*', body: documentOf(form, metrics.find(metric => metric.id === form.metric)) });
        setIsOpen(false);
        changed();
      })} />}
      <p class="problem-text" role="alert">{said}</p>
    </>
  );
}

function One({ goal, metrics, changed }: { goal: ShownGoal; metrics: ShownMetric[]; changed: () => void }) {
  const [opened, setOpened] = useState<{ data: ShownGoal; etag?: string }>();
  const [isSure, setIsSure] = useState(false);
  const { said, isBusy, act } = useSaying();
  const metric = metrics.find(one => one.id === goal.metric);
  const name = goal.name ?? (metric ? metricName(metric) : goal.metric);
  // What is changed is what was read as it was opened, and it is saved over nothing else.
  const open = () => opened ? setOpened(undefined) : act(async () => setOpened(await callTagged<ShownGoal>(pathOf(goal.id))));
  return (
    <li>
      <p class="row"><span class="grow"><a href={pageOf(goal.metric, { from: goal.from, to: goal.date, ...Object.fromEntries(filterOf(goal)) })}>{name}</a>
        <span class="quiet"> {metric && t('goals.stands', { value: figure(goal.value, metric), target: figure(goal.target, metric), date: day(goal.date) })}{filterOf(goal).map(([by, value]) => ` · ${dimensionName(by)}: ${value}`)}</span></span>
        <span class={`stage goal-${goal.status}`}>{t(`goal.${goal.status}`)}</span>
        <button aria-expanded={!!opened} disabled={isBusy} aria-label={t('source.changeOf', { name })} onClick={open}>{t('source.change')}</button>
        <button aria-expanded={isSure} aria-label={t('goalsOf.removeOf', { name })} onClick={() => setIsSure(!isSure)}>{t('costs.remove')}</button>
        {isSure && <button class="primary" disabled={isBusy} onClick={() => act(async () => { await call(pathOf(goal.id), { method: 'DELETE' }); changed(); })}>{t('goalsOf.removeGo', { name })}</button>}</p>
      {opened && <GoalFields metrics={metrics} begin={formOf(opened.data, metrics.find(one => one.id === opened.data.metric))} isBusy={isBusy} save={form => act(async () => {
        await call(pathOf(goal.id), { method: 'PUT', ifMatch: opened.etag, body: documentOf(form, metrics.find(one => one.id === form.metric), opened.data) });
        setOpened(undefined);
        changed();
      })} />}
      <p class="problem-text" role="alert">{said}</p>
    </li>
  );
}
