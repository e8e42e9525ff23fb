import { useLoad } from '../api/load';
import type { DeadLetter, Page } from '../api/types';
import { Failure } from '../parts/Failure';
import { useRowKeys } from '../parts/rows';
import { Title } from '../shell/Title';
import { t } from '../words/words';
import { Letter } from './Letter';

export const refusedPath = '/api/dead-letters?limit=200';

/** Those that nobody has put back yet: what Home counts. */
export const waiting = (letters: DeadLetter[]) => letters.filter(letter => !letter.replayedAt);

/** What could not be taken in, and why. */
export function Refused() {
  const { data, error, again } = useLoad<Page<DeadLetter>>(refusedPath);
  useRowKeys();
  const letters = data && waiting(data.items);
  return (
    <>
      <Title text={t('refused.title')} />
      <p class="quiet">{t('refused.text')}</p>
      {error && <Failure error={error} again={again} />}
      {letters?.length === 0 && <p class="empty">{t('refused.none')}</p>}
      <ul class="rows">{letters?.map(letter => <Letter key={letter.id} letter={letter} again={again} />)}</ul>
    </>
  );
}
