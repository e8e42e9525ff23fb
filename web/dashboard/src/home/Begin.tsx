// From nothing to the first lead: three steps, each ticked off by what is there.
import { useEffect } from 'preact/hooks';
import { useLoad } from '../api/load';
import type { LeadCounts, Page, Tail } from '../api/types';
import { may } from '../session/session';
import { t, type Key } from '../words/words';

const pause = 5_000;

interface Model { id: string; live?: number }

/** @param again Asks for the counts, and whether somebody is known by now. */
export function Begin({ counts, again }: { counts?: LeadCounts; again: () => void }) {
  // Asking has what comes in told from now on: whoever has nobody yet waits for just that.
  const tail = useLoad<Tail>('/api/tail?limit=20');
  const models = useLoad<Page<Model>>('/api/scoring-models');
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) for (const one of [tail.again, models.again, again]) one(); }, pause);
    return () => clearInterval(timer);
  }, [tail.again, models.again, again]);
  const came = tail.data?.items ?? [];
  // What came in is told for some minutes only; the visitor whom it was of stays counted.
  const isAnybody = !!counts && counts.anonymous.count > 0;
  return (
    <section class="card">
      <h2>{t('begin.title')}</h2>
      <ol class="begin">
        <Step isDone={isAnybody || tail.data && came.length > 0} text="begin.snippet"><a href="/app/live/install">{t('live.check')}</a>{!may('admin') && <> <span class="quiet">{t('live.askAdmin')}</span></>}</Step>
        <Step isDone={isAnybody || tail.data && came.some(item => item.outcome === 'applied' || item.outcome === 'accepted')} text="begin.event"><a href="/app/live">{t('live.title')}</a> · <a href="/demo" target="_blank" rel="noopener">{t('begin.demo')}</a></Step>
        <Step isDone={models.data && models.data.items.some(model => model.live !== undefined)} text="begin.model"><a href="/app/scoring">{t('nav.scoring')}</a></Step>
      </ol>
    </section>
  );
}

/** @param isDone undefined: not known yet. */
const Step = ({ isDone, text, children }: { isDone?: boolean; text: Key; children: preact.ComponentChildren }) => (
  <li><span class={`tick${isDone ? ' done' : ''}`} role="img" aria-label={t(isDone ? 'begin.done' : 'begin.open')}>{isDone ? '✓' : ''}</span> <b>{t(text)}</b> {children}</li>
);
