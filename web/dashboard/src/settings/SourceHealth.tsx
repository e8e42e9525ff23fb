// Whether a source sends, and what is refused of it: counted by the server at its front door.
import type { SourceMeters } from '../api/types';
import { exact, When } from '../parts/When';
import { number, t, tOr } from '../words/words';

const reasons = (refused: Record<string, number>) => Object.entries(refused).sort(([, one], [, other]) => other - one);
const sum = (refused: Record<string, number>) => Object.values(refused).reduce((all, count) => all + count, 0);

export function Came({ source, meters }: { source: string; meters: SourceMeters }) {
  const health = meters.items.find(one => one.source === source);
  if (!health) return <span class="quiet">{t('health.never', { at: exact(meters.since ?? meters.asOf, { dateStyle: 'medium' }) })}</span>;
  const { day, month, silentSince, lastAccepted } = health;
  const refused = sum(month.refused);
  return (
    <>
      {silentSince ? <span class="leak"><span aria-hidden="true">▲ </span>{t('health.silent')} <time dateTime={silentSince}>{exact(silentSince)}</time></span> : lastAccepted ? <>{t('health.last')} <When at={lastAccepted} /></> : t('health.neverAccepted')}
      {' · '}<a href={`/app/live?source=${encodeURIComponent(source)}`}>{t('health.day', { count: day.accepted, shown: number(day.accepted) })}</a>, {t('health.month', { count: month.accepted, shown: number(month.accepted) })}
      {refused > 0 && (
        <details class="refusals"><summary>{t('health.refused', { count: refused, shown: number(refused) })}</summary>
          <table class="inner"><thead><tr><th scope="col">{t('live.why')}</th><th scope="col" class="number">{t('health.hours')}</th><th scope="col" class="number">{t('health.days')}</th></tr></thead>
            <tbody>{reasons(month.refused).map(([reason, count]) => <tr key={reason}><th scope="row">{tOr(`live.why.${reason}`, reason)}</th><td class="number">{number(day.refused[reason] ?? 0)}</td><td class="number">{number(count)}</td></tr>)}</tbody></table>
        </details>
      )}
    </>
  );
}

/** Requests that belong to no source. */
export function Unknown({ meters }: { meters: SourceMeters }) {
  const unknown = meters.items.find(one => one.source === undefined);
  const count = unknown ? sum(unknown.month.refused) : 0;
  return count > 0 ? <p class="quiet">{t('health.unknown', { count, shown: number(count) })} <a href="/app/live?outcome=refused">{t('nav.live')}</a></p> : null;
}
