// Which number of the map or above it somebody opened, as the address and the API name it.
import { t, tOr } from '../words/words';
import type { Step } from './tree';

/** What the address has of it, beside the version. */
export const asks = ['of', 'step', 'how', 'why', 'way'] as const;
export type Asked = Partial<Record<typeof asks[number], string>> & { of: string };
/** Where the people behind a number are; undefined where there is nowhere. */
export type LinkTo = ((asked: Asked) => string) | undefined;

/** What failed at a step, whether the way went on or ended there. */
export const failing = 'failed,runFailed,bounced';

export function sayAsked({ of, step, how, why, way }: Asked, steps: Step[]): string {
  const one = steps.find(one => one.id === step);
  const what = how === failing ? t('who.failed') : of === 'ended' && how ? tOr(`run.${how}`, how) : how ? tOr(`map.left.${how}`, tOr(`who.${how}`, how)) : tOr(`who.${of}`, of);
  const path = way && (one?.ways.find(path => path.name === way)?.label ?? way);
  return [step && (one?.title ?? step), what, why && tOr(`map.why.${why}`, why), path].filter(Boolean).join(' · ');
}
