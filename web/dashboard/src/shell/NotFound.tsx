import { t } from '../words/words';
import { Title } from './Title';

export const NotFound = () => <><Title text={t('notFound.title')} /><p>{t('notFound.text')} <a href="/app">{t('nav.home')}</a></p></>;
