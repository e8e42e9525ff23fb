// A journey's document as the map draws it: steps, and the ways that go on from them. What a step does is said in words.
import { say, sayDuration } from '../definitions/form/say';
import type { Members } from '../definitions/json';
import { percent, t, tOr } from '../words/words';

export interface Way { name: string; label: string; steps: Step[] }
export interface Step { id: string; title: string; says: string; isExit: boolean; ways: Way[] }

const members = (value: unknown): Members => value !== null && typeof value === 'object' && !Array.isArray(value) ? value as Members : {};
const list = (value: unknown): unknown[] => Array.isArray(value) ? value : [];
const text = (value: unknown) => typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

export const stepsOf = (document: unknown): Step[] => list(members(document).steps).map(stepOf);

function stepOf(value: unknown): Step {
  const step = members(value);
  const id = text(step.id);
  return { id, title: text(step.name) || id, says: sayStep(step), isExit: step.type === 'exit', ways: waysOf(step) };
}

function waysOf(step: Members): Way[] {
  const way = (name: string, label: string, steps: unknown): Way => ({ name, label, steps: list(steps).map(stepOf) });
  const paths = list(step.paths).map(members);
  const weight = paths.reduce((sum, path) => sum + Number(path.weight ?? 0), 0);
  return [
    ...paths.map(path => way(text(path.name), path.when !== undefined ? `${text(path.name)}: ${say(path.when)}`
      : `${text(path.name)}: ${percent(weight > 0 ? Number(path.weight) / weight : 0)}`, path.steps)),
    ...(step.steps !== undefined ? [way('again', t('map.again'), step.steps)] : []),
    ...(step.then !== undefined ? [way('then', t('map.then'), step.then)] : []),
    ...(step.else !== undefined ? [way('else', t('map.else'), step.else)] : [])
  ].filter(way => way.steps.length > 0 || paths.length > 0);
}

/** What a step does, in a few words; of a kind without words of its own, its name. */
function sayStep(step: Members): string {
  const type = text(step.type);
  const until = step.timeout === undefined ? '' : t('step.timeout', { time: sayDuration(step.timeout) });
  switch (type) {
    case 'send': return t('step.send', { what: text(step.template) });
    case 'wait': return step.for !== undefined ? t('step.wait', { time: sayDuration(step.for) }) : t('step.waitUntil', { what: sayMoment(step.until ?? step.window) });
    case 'waitFor': return [t('step.waitFor', { what: say(step.when) }), until].filter(Boolean).join(', ');
    case 'onSite': return [t('step.onSite', { what: text(step.content) }), until].filter(Boolean).join(', ');
    case 'setTraits': return t('step.setTraits', { what: Object.keys(members(step.traits)).join(', ') });
    case 'addPoints': return t('step.addPoints', { what: text(step.points) });
    case 'addToList': case 'removeFromList': return t(`step.${type}`, { what: text(step.list) });
    case 'setStage': return t('step.setStage', { what: tOr(`stage.${text(step.stage)}`, text(step.stage)) });
    case 'webhook': return t('step.webhook', { what: text(step.url) });
    case 'startJourney': return t('step.startJourney', { what: text(step.journey) });
    case 'track': return t('step.track', { what: text(step.event) });
    case 'repeat': return t('step.repeat', { what: text(step.max) });
    default: return tOr(`step.${type}`, type);
  }
}

function sayMoment(value: unknown): string {
  const { from, to, time, days } = members(value);
  const hours = time !== undefined ? text(time) : from !== undefined ? `${text(from)} – ${text(to)}` : JSON.stringify(value);
  return days === undefined ? hours : `${hours} (${list(days).join(', ')})`;
}

/** All steps, wherever they stand. */
export const flat = (steps: Step[]): Step[] => steps.flatMap(step => [step, ...step.ways.flatMap(way => flat(way.steps))]);
