import { t } from '../words/words';
import { Title } from './Title';

/** A page's program cannot be loaded: the server is away, or has a newer one. */
export const Gone = () => <><Title text={t('gone.title')} /><p>{t('gone.text')} <button onClick={() => location.reload()}>{t('failure.again')}</button></p></>;

export const NotFound = () => <><Title text={t('notFound.title')} /><p>{t('notFound.text')} <a href="/app">{t('nav.home')}</a></p></>;
