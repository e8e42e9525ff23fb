// Who is this, why this score, what next?
import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { LeadAnswer } from '../api/types';
import { Failure } from '../parts/Failure';
import { called, Grade, nameOf, Stage } from '../parts/marks';
import { ownZone } from '../parts/When';
import { may } from '../session/session';
import { Title } from '../shell/Title';
import { t } from '../words/words';
import { Erase } from './Erase';
import { Person } from './Person';
import { ScoreCard } from './ScoreCard';
import { Standing } from './Standing';
import { Timeline } from './Timeline';

/** Another lead begins anew: nothing that was typed or opened goes along. */
export function Lead() {
  const id = useRoute().params.id!; // the route has one
  return <One key={id} id={id} />;
}

function One({ id }: { id: string }) {
  const path = `/api/leads/${encodeURIComponent(id)}`;
  const { data: lead, error, again } = useLoad<LeadAnswer>(path);
  const zone = lead?.timeZone?.name;
  useEffect(() => {
    ownZone.value = zone;
    return () => { ownZone.value = undefined; };
  }, [zone]);
  const name = lead && called({ ...lead, name: nameOf(lead.traits) });
  return (
    <>
      <Title text={name ?? (error ? t('lead.title') : '…')}>{lead && <p class="row"><Grade grade={lead.grade} /><Stage stage={lead.stage} /></p>}{lead && <a href={`/app/live?lead=${encodeURIComponent(lead.id)}`}>{t('lead.live')}</a>}</Title>
      {error && (error.status === 404 ? <p class="empty">{t('lead.gone')} <a href="/app/leads">{t('leads.all')}</a></p> : <Failure error={error} again={again} />)}
      {lead && (
        <div class="lead">
          <div class="who-column"><Person lead={lead} path={path} again={again} />{may('admin') && <Erase path={path} name={name!} />}</div>
          <div class="why-column"><ScoreCard path={path} /><Timeline path={path} /></div>
          <div class="next-column"><Standing path={path} /></div>
        </div>
      )}
    </>
  );
}
