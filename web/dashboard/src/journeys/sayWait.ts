import type { Run } from '../api/types';
import { exact } from '../parts/When';
import { t } from '../words/words';

/** Why somebody waits, and until when at the latest. */
export function sayWait(run: Pick<Run, 'waits' | 'waitsUntil' | 'paused' | 'status'>): string {
  if (run.status !== 'active') return '';
  if (run.paused) return t('waits.paused');
  if (!run.waits) return run.waitsUntil ? t('run.waits', { at: exact(run.waitsUntil) }) : '';
  const until = run.waits.until ?? run.waitsUntil;
  return [t(`waits.${run.waits.kind}`), until ? t('waits.until', { at: exact(until) }) : t('waits.ever')].join(' ');
}
