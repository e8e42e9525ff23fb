import { useLoad } from '../api/load';
import type { Contribution, Score } from '../api/types';
import { Failure } from '../parts/Failure';
import { Grade } from '../parts/marks';
import { exact, When } from '../parts/When';
import { number, signed, t, tOr } from '../words/words';
import { byRule, fadesAt, total, type RuleSum } from './contributions';
import { useRuleNames } from './ruleNames';

/** Why this score: every contribution, and that they sum. */
export function ScoreCard({ path }: { path: string }) {
  const { data: score, error, again } = useLoad<Score>(`${path}/score`);
  const named = useRuleNames(score?.model);
  if (error && !score) return <section class="card"><Failure error={error} again={again} /></section>;
  if (!score) return <section class="card tall" />;
  const rules = byRule(score.contributions);
  const first = rules.find(rule => rule.now > 0);
  return (
    <section class="card">
      <h2>{first ? t('score.mainly', { score: number(score.engagement, 0), rule: [named(first.rule), first.times > 1 && t('score.times', { count: first.times })].filter(Boolean).join(', '), points: signed(first.now, 0), earned: number(first.earned, 0) }) : t('score.none', { score: number(score.engagement, 0) })}</h2>
      {rules.length > 0 && <Sum rules={rules} score={score} named={named} />}
      <h3>{t('score.fit', { fit: number(score.fit, 0) })} <Grade grade={score.grade} /></h3>
      {score.fitContributions.length === 0 && <p class="quiet">{t('score.noFit')}</p>}
      <ul class="fit">{score.fitContributions.map(row => <li><span>{named(row.rule)}</span><span class="number">{signed(row.points)}</span></li>)}</ul>
      {!!score.fitMissing?.length && <><h3>{t('score.missing')}</h3><ul class="fit">{score.fitMissing.map(row => <li class="quiet"><span>{row.traits.join(', ')} <span class="quiet">({named(row.rule)})</span></span><span class="number">{signed(row.points)}?</span></li>)}</ul></>}
      {score.model && <p class="quiet">{t('score.model', { model: score.model.id, version: score.model.version, at: exact(score.asOf) })}</p>}
    </section>
  );
}

function Sum({ rules, score, named }: { rules: RuleSum[]; score: Score; named: (rule: string) => string }) {
  const most = Math.max(...rules.map(rule => Math.abs(rule.now)), 1);
  return (
    <div class="sum">
      {rules.map(rule => (
        <details key={rule.rule}>
          <summary><span class="grow">{named(rule.rule)} <span class="quiet">{t('score.times', { count: rule.times })} · <When at={rule.last} /></span></span><meter class={rule.now < 0 ? 'less' : ''} min={0} max={most} value={Math.abs(rule.now)} aria-hidden="true" /><span class="number">{signed(rule.now)}</span></summary>
          <Rows rows={rule.rows} asOf={score.asOf} />
        </details>
      ))}
      {score.clamp && <p class="line"><span class="grow">{t(score.clamp.by === 'cap' ? 'score.cap' : 'score.zero')}</span><span class="number">{signed(score.clamp.to - score.clamp.sum)}</span></p>}
      <p class="line total"><span class="grow">{t('score.total')}</span><span class="number">{number(score.clamp ? score.engagement : total(rules))}</span></p>
    </div>
  );
}

const Rows = ({ rows, asOf }: { rows: Contribution[]; asOf: string }) => (
  <table class="inner">
    <thead><tr><th scope="col">{t('score.event')}</th><th scope="col" class="number">{t('score.earned')}</th><th scope="col">{t('score.fades')}</th><th scope="col" class="number">{t('score.now')}</th></tr></thead>
    <tbody>{[...rows].reverse().map(row => {
      const fades = fadesAt(row.now, row.halfLife, Date.parse(asOf));
      return (
        <tr>
          <td>{row.event.name}{row.count && row.count > 1 ? ` ×${row.count}` : ''}<span class="quiet">{exact(row.event.at)} · {row.model}</span></td>
          <td class="number">{number(row.applied)}{row.reduced && <span class="quiet">{tOr(`reduced.${row.reduced}`, row.reduced)}{row.points !== row.applied && ` (${number(row.points)})`}</span>}</td>
          <td>{fades ? <time dateTime={fades}>{exact(fades, { dateStyle: 'medium' })}</time> : <span class="quiet">{row.halfLife ? t('score.faded') : t('score.stays')}</span>}</td>
          <td class="number">{signed(row.now)}</td>
        </tr>
      );
    })}</tbody>
  </table>
);
