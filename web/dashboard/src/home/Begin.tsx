// From nothing to the first lead: three steps, each ticked off by what is there.
import { useLoad } from '../api/load';
import type { Page, Tail } from '../api/types';
import { may } from '../session/session';
import { t, type Key } from '../words/words';

interface Model { id: string; live?: number }

export function Begin() {
  // Asking has what comes in told from now on: whoever has nobody yet waits for just that.
  const tail = useLoad<Tail>('/api/tail?limit=20');
  const models = useLoad<Page<Model>>('/api/scoring-models');
  const came = tail.data?.items ?? [];
  return (
    <section class="card">
      <h2>{t('begin.title')}</h2>
      <ol class="begin">
        <Step isDone={tail.data && came.length > 0} text="begin.snippet"><a href="/app/live/install">{t('live.check')}</a>{!may('admin') && <> <span class="quiet">{t('live.askAdmin')}</span></>}</Step>
        <Step isDone={tail.data && came.some(item => item.outcome === 'applied' || item.outcome === 'accepted')} text="begin.event"><a href="/app/live">{t('live.title')}</a> · <a href="/demo" target="_blank" rel="noopener">{t('begin.demo')}</a></Step>
        <Step isDone={models.data && models.data.items.some(model => model.live !== undefined)} text="begin.model"><a href="/app/rules/scoring-models">{t('kind.scoring-models')}</a></Step>
      </ol>
    </section>
  );
}

/** @param isDone undefined: not known yet. */
const Step = ({ isDone, text, children }: { isDone?: boolean; text: Key; children: preact.ComponentChildren }) => (
  <li><span class={`tick${isDone ? ' done' : ''}`} role="img" aria-label={t(isDone ? 'begin.done' : 'begin.open')}>{isDone ? '✓' : ''}</span> <b>{t(text)}</b> {children}</li>
);
