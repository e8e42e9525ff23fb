import { t } from '../words/words';
import { Dialog } from './Dialog';

const keys = [
  ['Ctrl K', 'keys.search'], ['?', 'keys.keys'], ['J / K', 'keys.move'], ['Enter', 'keys.open'], ['E', 'keys.edit'], ['A', 'keys.accept'], ['R', 'keys.reject'], ['C', 'keys.recycle'], ['Z', 'keys.undo'], ['P', 'keys.pause']
] as const;

export const KeyList = ({ close }: { close: () => void }) => (
  <Dialog label={t('keys.title')} close={close}>
    <h2>{t('keys.title')}</h2>
    <dl class="keys">{keys.map(([key, text]) => <div><dt><kbd>{key}</kbd></dt><dd>{t(text)}</dd></div>)}</dl>
    <form method="dialog" class="row"><button class="primary" autofocus>{t('keys.close')}</button></form>
  </Dialog>
);
