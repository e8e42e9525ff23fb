// How a figure went, as lines. Who does not see them has the sentence above and the table below, of the same numbers.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../words/words';
import type { Course } from './course';
import type { Drawing } from './plot';

/** Lines are told apart by their dashes as well as by their colours, here and in the drawing. */
const dashes = [[], [6, 4], [2, 3], [10, 3, 2, 3], [14, 5], [4, 2, 1, 2]];

/** @param nameOf A line's name; empty of the only one. @param say A value, with its unit. */
export function Chart({ course, labels, open, nameOf, say }: { course: Course; labels: string[]; open: boolean[]; nameOf: (line: string) => string; say: (value: number | null) => string }) {
  const place = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const [isGone, setIsGone] = useState(false);
  const drawing: Drawing = { lines: course.lines.map(({ values }, place) => ({ values, colour: `--line-${place + 1}`, dash: dashes[place]! })), labels, open, say, point: setAt };
  useEffect(() => {
    let end: (() => void) | undefined, isOver = false;
    void import('./plot').then(({ plot }) => { if (!isOver) end = plot(place.current!, drawing); }, () => setIsGone(true));
    return () => { isOver = true; end?.(); };
  }, [course]);
  const isNamed = course.lines.some(line => line.name);
  return (
    <>
      {isGone ? <p class="quiet">{t('chart.gone')}</p> : <div class="plot" ref={place} aria-hidden="true" />}
      {!isGone && <p class="quiet pointed" aria-hidden="true">{at === null ? ' ' : `${labels[at]}: ${course.lines.map(line => [isNamed && nameOf(line.name), say(line.values[at] ?? null)].filter(Boolean).join(' ')).join(' · ')}`}</p>}
      {isNamed && <ul class="legend">{course.lines.map((line, place) => <li key={line.name}><svg viewBox="0 0 28 8" class={`line-${place + 1}`} aria-hidden="true"><line x1="0" y1="4" x2="28" y2="4" stroke-dasharray={dashes[place]!.join(' ')} /></svg>{nameOf(line.name)}</li>)}</ul>}
      {course.of > course.lines.length && <p class="quiet">{t('chart.most', { count: course.lines.length, of: course.of })}</p>}
    </>
  );
}
