// What differs between two versions of a journey, on its map: by icon and word.
import { useMemo } from 'preact/hooks';
import { number, t } from '../words/words';
import { changesOf, type Change } from './compare';
import { Map } from './Map';

const icons = { added: '+', removed: '−', changed: '≠', moved: '↕' } as const;

export function Changes({ before, after }: { before: unknown; after: unknown }) {
  const { steps, of } = useMemo(() => changesOf(before, after), [before, after]);
  const counts = Object.entries(icons).map(([what]) => [what as Change['what'], Object.values(of).filter(one => one.what === what).length] as const).filter(([, count]) => count > 0);
  return (
    <>
      <p class="sums">{counts.length === 0 ? t('change.none') : counts.map(([what, count]) => `${t(`change.${what}`)} ${number(count)}`).join(' · ')}</p>
      <Map steps={steps} shown="document" linkTo={() => undefined} mark={step => of[step] && (
        <span class={`differs ${of[step].what}`}><span aria-hidden="true">{icons[of[step].what]} </span>{t(`change.${of[step].what}`)}{of[step].was && <span class="quiet"> {t('change.was', { what: of[step].was })}</span>}</span>
      )} />
    </>
  );
}
