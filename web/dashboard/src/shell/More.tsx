import { me } from '../session/session';
import { t, tOr } from '../words/words';
import { Dialog } from './Dialog';
import { Icon, pagesFor } from './Shell';

/** On a phone: all pages, the keys, and the way out, for which its bar has no room. */
export const More = ({ close, keys, signOut }: { close: () => void; keys: () => void; signOut: () => void }) => (
  <Dialog label={t('nav.more')} close={close}>
    <h2>{t('nav.more')}</h2>
    <p class="quiet">{me.value!.name} · {tOr(`role.${me.value!.role}`, me.value!.role)} · {me.value!.timeZone}</p>
    <ul class="all-pages">{pagesFor().map(page => <li key={page.path}><a href={page.path} onClick={close}><Icon path={page.icon} />{t(page.key)}</a></li>)}</ul>
    <p class="row"><button class="primary" autofocus onClick={close}>{t('keys.close')}</button><button onClick={keys}>{t('keys.title')}</button><button onClick={signOut}>{t('nav.signOut')}</button></p>
  </Dialog>
);
