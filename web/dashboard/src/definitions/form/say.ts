// A condition as a sentence. What has no words of its own is said as it is written.
import { t, tOr } from '../../words/words';
import { isMembers } from '../json';

const units: Record<string, Intl.RelativeTimeFormatUnit & ('second' | 'minute' | 'hour' | 'day' | 'week')> = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' };

/** "14d" as "14 days". */
export function sayDuration(text: unknown): string {
  const [, count, unit] = /^(\d+)([smhdw])$/.exec(String(text)) ?? [];
  return count && unit ? t(`time.${units[unit]!}`, { count: Number(count) }) : String(text); // one of the five
}

const sayValue = (value: unknown): string => Array.isArray(value) ? value.map(sayValue).join(', ') : typeof value === 'string' ? `“${value}”` : JSON.stringify(value);

/** "is “PL”", "≥ 50 and < 100". */
export function sayTest(test: unknown): string {
  if (!isMembers(test)) return t(Array.isArray(test) ? 'op.in' : 'op.equals', { value: sayValue(test) });
  return Object.entries(test).map(([operator, value]) => tOr(`op.${operator}${operator === 'exists' && value === false ? 'Not' : ''}`, '') !== ''
    ? t(`op.${operator}${operator === 'exists' && value === false ? 'Not' : ''}` as 'op.equals', { value: /[wW]ithin/.test(operator) ? sayDuration(value) : operator === 'between' && Array.isArray(value) ? value.map(sayValue).join(' – ') : sayValue(value) })
    : `${operator} ${JSON.stringify(value)}`).join(` ${t('say.and')} `);
}

function sayCount(count: unknown): string {
  if (count === 0 || isMembers(count) && (count.equals === 0 || count.lt === 1 || count.lte === 0) && Object.keys(count).length === 1) return t('say.never');
  if (isMembers(count) && Object.keys(count).length === 1 && typeof count.gte === 'number') return t('say.atLeast', { count: count.gte });
  return t('say.times', { test: sayTest(count) });
}

/** The conditions whose words are here; another is shown with its members. */
export function say(condition: unknown): string {
  if (!isMembers(condition)) return JSON.stringify(condition);
  const { trait, event, where, count, within, then, first, last, sum, distinct, ...rest } = condition;
  if (Array.isArray(condition.all)) return condition.all.map(one => nested(one)).join(` ${t('say.and')} `);
  if (Array.isArray(condition.any)) return condition.any.map(one => nested(one)).join(` ${t('say.or')} `);
  if (condition.not !== undefined) return t('say.not', { what: nested(condition.not) });
  if (typeof trait === 'string') return `${trait} ${sayTest(Object.fromEntries(Object.entries(condition).filter(([name]) => name !== 'trait')))}`;
  if (event !== undefined && Object.keys(rest).length === 0) {
    const name = Array.isArray(event) ? event.join(` ${t('say.or')} `) : String(event);
    const more = [
      isMembers(where) ? Object.entries(where).map(([property, test]) => `${property} ${sayTest(test)}`).join(` ${t('say.and')} `) : '',
      count !== undefined ? sayCount(count) : '', within !== undefined ? t('say.within', { time: sayDuration(within) }) : '',
      ...Object.entries({ first, last, sum, distinct, then }).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    ].filter(Boolean);
    return [`${tOr(`event.${name}`, name)}`, ...more].join(', ');
  }
  const [[kind, test] = ['', undefined], ...others] = Object.entries(condition);
  if (others.length === 0 && tOr(`ask.${kind}`, '') !== '') {
    if (kind === 'segment' || kind === 'list') return t(`ask.${kind}`, { value: sayValue(test) });
    return `${tOr(`ask.${kind}`, kind)} ${sayTest(test)}`;
  }
  return JSON.stringify(condition);
}

const nested = (condition: unknown) => isMembers(condition) && (Array.isArray(condition.all) || Array.isArray(condition.any)) ? `(${say(condition)})` : say(condition);

/** What a rule of a scoring model gives, and for what. */
export function sayRule(rule: unknown): string | undefined {
  if (!isMembers(rule) || rule.when === undefined) return undefined;
  const { points, halfLife, repeat, group } = rule;
  return [
    typeof points === 'number' ? t('say.points', { points: points > 0 ? `+${points}` : String(points) }) : isMembers(points) ? t('say.pointsPer', { points: String(points.points), per: String(points.per) }) : '',
    say(rule.when), halfLife ? t('say.halfLife', { time: sayDuration(halfLife) }) : '',
    repeat === 'once' ? t('say.once') : isMembers(repeat) && repeat.oncePer ? t('say.oncePer', { property: String(repeat.oncePer) }) : isMembers(repeat) && repeat.max ? t('say.most', { count: Number(repeat.max), time: sayDuration(repeat.per) }) : '',
    typeof group === 'string' ? t('say.group', { group }) : ''
  ].filter(Boolean).join(' · ');
}
