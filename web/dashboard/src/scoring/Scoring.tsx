// What earns points, and does it predict? Each rule with what it gave in a month, and its part in the points with which leads became MQLs.
import { useLocation, useRoute } from 'preact-iso';
import { call } from '../api/client';
import { useLoad } from '../api/load';
import type { Page, Report, RulePoints } from '../api/types';
import { Failure } from '../parts/Failure';
import { useRowKeys } from '../parts/rows';
import { useSaying } from '../parts/useSaying';
import { exact } from '../parts/When';
import { day, lastDays, pageOf, queryOf } from '../reports/figures';
import { Reading } from '../reports/Reading';
import { may } from '../session/session';
import { Title } from '../shell/Title';
import { number, percent, signed, t } from '../words/words';
import { Earners } from './Earners';

/** Nobody published a model, or none gave points: one to start from is a click away. It is a draft, which gives none before it is published. */
function Beginning({ text }: { text: 'scoring.none' | 'scoring.builtIn' }) {
  const { route } = useLocation();
  const { said, isBusy, act } = useSaying();
  const take = () => act(async () => {
    const { default: document } = await import('../../../../samples/scoring-models/shop.json');
    const { items } = await call<Page<{ id: string }>>('/api/scoring-models');
    let id = 'shop';
    for (let next = 2; items.some(model => model.id === id); next++) id = `shop-${next}`;
    await call(`/api/scoring-models/${id}`, { method: 'PUT', body: document, ifNoneMatch: '*' });
    route(`/app/rules/scoring-models/${id}`);
  });
  return (
    <div class="empty">
      <p>{t(text)} <a href="/app/rules/scoring-models">{t('kind.scoring-models')}</a></p>
      {may('marketer') && <p><button disabled={isBusy} onClick={take}>{t('scoring.take')}</button></p>}
      <p class="problem-text" role="alert">{said}</p>
    </div>
  );
}

export function Scoring() {
  const { rule, asOf } = useRoute().query;
  return rule ? <Earners rule={rule} asOf={asOf} /> : <Rules />;
}

/** Exactly those to whom a rule gave points, at the moment that the figures are of. */
const earners = (rule: string, asOf: string) => `/app/scoring?${queryOf({ rule, asOf })}`;

function Rules() {
  const points = useLoad<RulePoints>('/api/scoring/points');
  const asked = { ...lastDays(points.data?.days ?? 30), outcome: 'mql' };
  const share = useLoad<Report>(points.data ? `/api/reports/contribution?${queryOf({ ...asked, by: 'rule' })}` : null);
  useRowKeys();
  const error = points.error ?? share.error;
  const all = share.data?.rows.reduce((sum, row) => sum + (row.value ?? 0), 0) ?? 0;
  const most = Math.max(1, ...points.data?.rules.map(rule => Math.abs(rule.points)) ?? []);
  const { model } = points.data ?? {};
  const editor = model ? `/app/rules/scoring-models/${model.id}` : '/app/rules/scoring-models';
  return (
    <>
      <Title text={t('scoring.title')}>{points.data && <p class="quiet">{model && <><a href={editor} data-edit={editor}>{t('scoring.model', { model: model.id, version: model.version })}</a> · </>}{day(asked.from)} – {day(asked.to)} · {t('home.asOf', { at: exact(points.data.asOf, { timeStyle: 'short' }) })}</p>}</Title>
      <Reading />
      {error && <Failure error={error} again={() => { points.again(); share.again(); }} />}
      {points.data?.partial && <p class="ribbon">{t('scoring.partial', { count: points.data.leads })}</p>}
      {!points.data && !error && <div class="tall" />}
      {points.data?.rules.length === 0 ? <Beginning text="scoring.none" /> : points.data && !model?.version && <Beginning text="scoring.builtIn" />}
      {!!points.data?.rules.length && (
        <figure class="figures">
          <figcaption class="quiet">{t('scoring.means')}</figcaption>
          <table class="leads points">
            <thead><tr><th scope="col">{t('scoring.rule')}</th><th scope="col">{t('scoring.points', { count: points.data.days })}</th><th scope="col" class="wide"><span class="hidden">{t('reports.bar')}</span></th><th scope="col" class="wide">{t('scoring.leads')}</th><th scope="col">{t('scoring.share')}</th></tr></thead>
            <tbody>{points.data.rules.map(rule => {
              const row = share.data?.rows.find(row => row.rule === rule.rule);
              return (
                <tr key={rule.rule}>
                  <th scope="row"><a data-row data-edit={editor} href={editor}>{rule.rule}</a>{!rule.isLive && <span class="quiet">{t('scoring.former')}</span>}</th>
                  <td class="number">{rule.leads > 0 ? <a href={earners(rule.rule, points.data!.asOf)}>{signed(rule.points, 0)}<span class="quiet beside">{t('score.times', { count: rule.times })}</span></a> : signed(0)}</td>
                  <td class="wide"><meter class={rule.points < 0 ? 'less' : ''} min={0} max={most} value={Math.abs(rule.points)} aria-hidden="true" /></td>
                  <td class="wide number">{rule.leads > 0 ? <a href={earners(rule.rule, points.data!.asOf)} aria-label={`${t('scoring.leads')}: ${number(rule.leads)}`}>{number(rule.leads)}</a> : number(0)}</td>
                  <td class="number">{row && (row.value ?? 0) > 0 && all > 0 ? <a href={pageOf('contribution', { ...asked, rule: rule.rule }, true)}>{percent(row.value! / all)}<span class="quiet beside">{t('reports.people', { count: row.people })}</span></a> : <span class="quiet">{share.data ? t('scoring.noShare') : '…'}</span>}</td>
                </tr>
              );
            })}</tbody>
          </table>
        </figure>
      )}
    </>
  );
}
