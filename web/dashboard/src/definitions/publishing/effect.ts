// What publishing would do, in sentences that can be followed. Counted by the server; nothing here adds up.
import type { ContentReach, Effect, NamedLead } from '../../api/types';
import { stageName } from '../../parts/marks';
import { number, t } from '../../words/words';
import type { Kind } from '../kinds';

export interface Told { text: string; people: { leadId: string; name?: string; email?: string; rule?: string }[]; /** What there is to add. */ more?: string }

const shift = (title: string, one: { enter: number; leave: number; before: number; after: number; entering: NamedLead[]; leaving: NamedLead[]; rules?: { rule: string; leads: number }[] }): Told[] => {
  const more = one.rules?.length ? t('effect.rules', { rules: one.rules.map(({ rule, leads }) => `${rule} ${number(leads)}`).join(', ') }) : undefined;
  return [
    ...(one.enter > 0 ? [{ text: t('effect.enter', { count: one.enter, title, before: one.before, after: one.after }), people: one.entering, more }] : []),
    ...(one.leave > 0 ? [{ text: t('effect.leave', { count: one.leave, title, before: one.before, after: one.after }), people: one.leaving, more: one.enter > 0 ? undefined : more }] : [])
  ];
};

/** What there is to say, the published thing first. */
export function tellEffect(effect: Effect, kind: Kind, id: string): Told[] {
  const own = effect.segments.filter(one => kind.id === 'segments' && one.id === id);
  return [
    ...own.flatMap(one => shift(one.id, one)),
    ...effect.journeys.filter(one => one.enter > 0).map(one => ({ text: t('effect.journey', { count: one.enter, title: one.id }), people: one.entering })),
    ...effect.journeys.filter(one => one.goOn > 0).map(one => ({ text: t('effect.goOn', { count: one.goOn, title: one.id }), people: [] })),
    ...effect.journeys.flatMap(one => (one.inside ?? []).map(inside => ({ text: t('effect.inside', { count: inside.runs, version: inside.version }), people: [] }))),
    ...effect.journeys.flatMap(one => one.soon?.length ? [{ text: t('effect.soon', { count: one.soon.reduce((sum, day) => sum + day.leads, 0) }), people: [] }] : []),
    ...effect.journeys.flatMap(one => one.sends && one.sends.messages > 0 ? [{
      text: t(one.sends.partial ? 'effect.sendsPartial' : 'effect.sends', { count: one.sends.messages }), people: [], more: Object.entries(one.sends.byTemplate).map(([template, count]) => `${template} ${number(count)}`).join(' · ')
    }] : []),
    ...effect.stages.flatMap(one => shift(stageName(one.id), one)),
    ...(effect.scores && effect.scores.rise + effect.scores.fall > 0 ? [{ text: t('effect.scores', { rise: effect.scores.rise, fall: effect.scores.fall }), people: effect.scores.most }] : []),
    ...effect.segments.filter(one => !own.includes(one)).flatMap(one => shift(one.id, one))
  ];
}

export const tellReach = (reach: ContentReach): Told[] => [
  { text: t('effect.for', { count: reach.for }), people: reach.some },
  ...(reach.refused > 0 ? [{ text: t('effect.refused', { count: reach.refused }), people: [] }] : [])
];

/** Whom it reaches, for the button; undefined where that cannot be said. */
export function reached(effect: Effect, kind: Kind, id: string): number | undefined {
  if (kind.id === 'journeys') return effect.journeys.find(one => one.id === id)?.enter ?? 0;
  if (kind.id === 'segments') {
    const own = effect.segments.find(one => one.id === id);
    return own && own.enter + own.leave;
  }
  if (kind.id === 'scoring-models') return effect.scores && effect.scores.rise + effect.scores.fall;
  return effect.moves.reduce((sum, move) => sum + move.leads, 0);
}
