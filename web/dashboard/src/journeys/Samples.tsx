import { useLocation } from 'preact-iso';
import { call } from '../api/client';
import { useSaying } from '../parts/useSaying';
import { t } from '../words/words';
import { samples, type Sample } from './starters';

/** Begins with a journey that works: a draft, so that nothing happens to anybody until it is published. */
export function Samples({ taken, isOpen }: { taken: string[]; isOpen: boolean }) {
  const { route } = useLocation();
  const { said, isBusy, act } = useSaying();
  const take = (sample: Sample) => act(async () => {
    const { default: document } = await samples[sample]();
    let id: string = sample;
    for (let next = 2; taken.includes(id); next++) id = `${sample}-${next}`;
    await call(`/api/journeys/${id}`, { method: 'PUT', body: document, ifNoneMatch: '*' });
    route(`/app/rules/journeys/${id}`);
  });
  return (
    <details class="card samples" open={isOpen}>
      <summary>{t('samples.title')}</summary>
      <p class="quiet">{t('samples.text')}</p>
      <ul class="plain">{(Object.keys(samples) as Sample[]).map(sample => <li class="row"><span class="grow"><b>{t(`samples.${sample}`)}</b> <span class="quiet">{t(`samples.${sample}.text`)}</span></span><button disabled={isBusy} onClick={() => take(sample)} aria-label={t('samples.take', { name: t(`samples.${sample}`) })}>{t('samples.go')}</button></li>)}</ul>
      <p class="problem-text" role="alert">{said}</p>
    </details>
  );
}
