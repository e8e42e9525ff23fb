import { t, tOr } from '../../words/words';
import type { Members } from '../json';
import type { Schema } from '../schema';
import { Field, Group, type FieldProps } from './Field';
import { useForm } from './FormView';
import { say } from './say';
import { joined, partsOf, shapeOf, type Part } from './shape';

/** What a new condition begins with, by what it asks. */
const beginnings: Record<string, Members> = {
  event: { event: 'page' }, trait: { trait: 'country', equals: 'PL' }, stage: { stage: 'mql' }, grade: { grade: ['A', 'B'] }, engagement: { engagement: { gte: 50 } }, fit: { fit: { gte: 50 } },
  segment: { segment: 'warm' }, list: { list: 'newsletter' }, interest: { interest: { dimension: 'category', top: 'plants' } }, rfm: { rfm: 'champions' }, bucket: { bucket: { salt: 'test', to: 50 } }
};
/** Of the past, where one event alone says nothing. */
const past: Members = { event: 'page', count: { gte: 1 }, within: '30d' };

const asked = (all: Schema[]) => [...new Set(all.map(one => one.required?.[0]).filter(name => name !== undefined && name in beginnings) as string[])];
const beginning = (kind: string, all: Schema[]) => kind !== 'event' ? beginnings[kind]! : all.some(one => one.required?.[0] === 'event' && !('within' in (one.properties ?? {}))) ? beginnings.event! : past;

/** All of, any of, not, as a list in a list; and each question as a sentence that opens. */
export function Condition({ all, value, steps }: FieldProps) {
  const { root, change, readOnly } = useForm();
  const condition = value as Members;
  const join = joined(condition);
  const parts = join === null ? [] : partsOf(all, value, root);
  if (join === 'all' || join === 'any') {
    const kinds = parts[0]!.all; // there is one at least
    return (
      <div class="condition">
        <select disabled={readOnly} aria-label={t('form.together')} value={join} onChange={event => change(steps, { [event.currentTarget.value]: condition[join] })}>
          <option value="all">{t('form.all')}</option><option value="any">{t('form.any')}</option>
        </select>
        <ul>
          {parts.map((part, place) => {
            const at = [...steps, ...part.steps];
            return (
              <li key={place}>
                <Asked part={part} at={at} />
                {!readOnly && <span class="row tools">{!isNot(part.value) && <button class="small" onClick={() => change(at, { not: part.value })}>{t('form.not')}</button>}{parts.length > 1 && <button class="small" onClick={() => change(at, undefined)} aria-label={t('form.removeOne', { name: say(part.value) })}>×</button>}</span>}
              </li>
            );
          })}
        </ul>
        {!readOnly && <Add all={kinds} add={one => change([...steps, join, parts.length], one)} />}
      </div>
    );
  }

  if (join === 'not') {
    return (
      <div class="condition not">
        <span class="row"><b>{t('form.notThis')}</b>{!readOnly && <button class="small" onClick={() => change(steps, condition.not)}>{t('form.yes')}</button>}</span>
        <Asked part={parts[0]!} at={[...steps, 'not']} />
      </div>
    );
  }

  return (
    <div class="condition one">
      <details><summary>{say(condition)}</summary><Group all={all.filter(one => !one.properties?.all && !one.properties?.any && !one.properties?.not)} value={condition} steps={steps} label="" /></details>
      {!readOnly && steps[steps.length - 1] === 'when' && <button class="small" onClick={() => change(steps, { all: [condition] })}>{t('form.and')}</button>}
    </div>
  );
}

/** What is no condition at all is shown as what it is. */
const Asked = ({ part, at }: { part: Part; at: (string | number)[] }) => shapeOf(part.all, part.value) === 'condition' ? <Condition all={part.all} value={part.value} steps={at} label="" /> : <Field all={part.all} value={part.value} steps={at} label="" />;

const isNot = (value: unknown) => value !== null && typeof value === 'object' && 'not' in value;

const Add = ({ all, add }: { all: Schema[]; add: (condition: Members) => void }) => (
  <select class="add" aria-label={t('form.addCondition')} value="" onChange={event => { if (event.currentTarget.value) add(beginning(event.currentTarget.value, all)); event.currentTarget.value = ''; }}>
    <option value="">{t('form.addCondition')}</option>{asked(all).map(kind => <option value={kind}>{tOr(`ask.${kind}.add`, kind)}</option>)}
  </select>
);
