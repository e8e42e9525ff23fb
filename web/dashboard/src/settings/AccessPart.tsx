// Who may what: as the server holds requests against it, told by itself.
import { useRoute } from 'preact-iso';
import { useLoad } from '../api/load';
import type { Role, Roles, RouteRoles } from '../api/types';
import { Failure } from '../parts/Failure';
import { Said } from '../parts/Said';
import { may } from '../session/session';
import { t } from '../words/words';

const roles = ['read', 'sales', 'marketer', 'admin'] as const satisfies readonly Role[];

export function AccessPart() {
  const { query } = useRoute();
  const { data, error, again } = useLoad<Roles>('/api/roles');
  const role = roles.find(one => one === query.role) ?? 'read';
  return (
    <>
      {error && <Failure error={error} again={again} />}
      <section class="card">
        <h2>{t('access.you')}</h2>
        {data && (
          <>
            <p><b>{data.you.name}</b> <span class="quiet">{data.you.scopes.map(scope => t(`role.${scope}`)).join(', ')}</span></p>
            <p class="quiet">{t(data.easyAuth.isOn ? 'access.easyAuth.on' : data.easyAuth.isWanted ? 'access.easyAuth.off' : 'access.easyAuth.none')}</p>
            <p class="quiet">{t(data.maskForRead ? 'access.masked' : 'access.unmasked')}</p>
          </>
        )}
      </section>
      <section class="card">
        <h2>{t('access.title')}</h2>
        <ul class="tabs" aria-label={t('keysOf.role')}>{roles.map(one => <li key={one}><a href={`/app/settings?part=access&role=${one}`} aria-current={one === role ? 'page' : undefined}>{t(`role.${one}`)}</a></li>)}</ul>
        <p class="quiet">{t(role === 'read' ? 'access.all' : 'access.beyond')} {may('admin') && <a href="/app/settings?part=keys">{t('settings.keys')}</a>}</p>
        {data ? <Granted routes={data.routes.filter(route => route.roles.includes(role) && (role === 'read' || !route.roles.includes('read')))} /> : <div class="tall" />}
      </section>
    </>
  );
}

/** Parts to be filled in as `:id`: in a text of ours braces would be a gap that nobody filled. */
const shown = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');

/** By what they are about, as the API's description groups them. */
const Granted = ({ routes }: { routes: RouteRoles[] }) => (
  <>{[...new Set(routes.map(route => route.about))].map(about => {
    const own = routes.filter(route => route.about === about);
    return (
      <details key={about} class="granted">
        <summary><Said>{about}</Said> <span class="quiet">{t('access.count', { count: own.length })}</span></summary>
        <ul class="plain">{own.map(route => (
          <li key={`${route.method} ${route.path}`}><Said>{route.summary}</Said> {route.showsPeople && <span class="stage">{t(route.isExport ? 'audit.export' : 'access.people')}</span>} <span class="quiet break"><code>{route.method} {shown(route.path)}</code></span></li>
        ))}</ul>
      </details>
    );
  })}</>
);
