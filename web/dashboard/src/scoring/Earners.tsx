// Who got points by a rule in 30 days, and how many.
import type { RulePerson } from '../api/types';
import { Counted } from '../parts/Counted';
import { useRowKeys } from '../parts/rows';
import { exact } from '../parts/When';
import { queryOf } from '../reports/figures';
import { Title } from '../shell/Title';
import { signed, t } from '../words/words';

export function Earners({ rule, asOf }: { rule: string; asOf?: string }) {
  useRowKeys();
  return (
    <>
      <p class="trail"><a href="/app/scoring">{t('scoring.title')}</a></p>
      <Title text={rule}>{asOf && <p class="quiet">{t('home.asOf', { at: exact(asOf) })}</p>}</Title>
      <div class="card"><Counted<RulePerson> path={`/api/scoring/points/people?${queryOf({ rule, asOf, limit: '25' })}`} says={one => t('scoring.got', { points: signed(one.points) })} /></div>
    </>
  );
}
