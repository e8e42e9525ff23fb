import { useId } from 'preact/hooks';
import { t, tOr } from '../../words/words';
import { fixesOf } from '../problems';
import { chosen, inside, membersOf, valuesOf, type Schema } from '../schema';
import { Condition } from './Condition';
import { useForm, useWriting } from './FormView';
import { List } from './List';
import { blank, partsOf, readBack, shapeOf, shown, type Shape } from './shape';

export interface FieldProps { all: Schema[]; value: unknown; steps: readonly (string | number)[]; label: string; remove?: () => void }

/** One value with its name, in the shape that suits it. */
export function Field(props: FieldProps) {
  const shape = shapeOf(props.all, props.value);
  switch (shape) {
    case 'condition': return <fieldset class="group"><legend><Named {...props} /></legend><Condition {...props} /></fieldset>;
    case 'list': return <fieldset class="group"><legend><Named {...props} /></legend><List {...props} /></fieldset>;
    case 'group': case 'map': return props.steps.length === 0 ? <Group {...props} /> : <fieldset class="group"><legend><Named {...props} /></legend><Group {...props} /></fieldset>;
    default: return <Simple {...props} shape={shape} />;
  }
}

const isOperator = (name: string) => tOr(`op.${name}`, '') !== '';

/** The name, what it means, and a way to be rid of it. */
export function Named({ all, label, remove }: FieldProps) {
  const { readOnly } = useForm();
  // What is said of some of the choices only is not said of the field.
  const meaning = all.every(one => one.description === all[0]!.description) ? all[0]?.description : undefined;
  // Operators in the words of the sentence.
  const words = meaning ?? (isOperator(label) ? t(`op.${label}` as 'op.equals', { value: '…' }) : undefined);
  return <>{label}{words && <span class="quiet meaning" lang={meaning ? 'en' : undefined}> {words}</span>}{remove && !readOnly && <button class="small" onClick={remove} aria-label={t('form.removeOne', { name: label })}>×</button>}</>;
}

/** The members that are there, in their order; others can be added. */
export function Group({ all, value, steps }: FieldProps) {
  const { root, change, readOnly } = useForm();
  const parts = partsOf(all, value, root);
  const members = Object.keys(value as object);
  const one = chosen(all, value);
  const may = [...membersOf(one ? [one] : []).keys()].filter(name => name !== '$schema' && !members.includes(name));
  const isMap = typeof one?.additionalProperties === 'object';
  const add = (name: string) => {
    if (name) change([...steps, name], blank(inside(one ? [one] : [], name, root), root));
  };
  return (
    <>
      {parts.map(part => [part, String(part.steps[0])] as const).filter(([, name]) => name !== '$schema').map(([part, name]) => (
        <Field key={name} all={part.all} value={part.value} steps={[...steps, name]} label={name} remove={one?.required?.includes(name) ? undefined : () => change([...steps, name], undefined)} />
      ))}
      {!readOnly && may.length > 0 && (
        <select class="add" aria-label={t('form.add')} value="" onChange={event => { add(event.currentTarget.value); event.currentTarget.value = ''; }}>
          <option value="">{t('form.add')}</option>{may.map(name => <option value={name}>{name}</option>)}
        </select>
      )}
      {!readOnly && isMap && <AddNamed taken={members} add={add} steps={steps} />}
    </>
  );
}

function AddNamed({ taken, add, steps }: { taken: string[]; add: (name: string) => void; steps: FieldProps['steps'] }) {
  const { namesAt } = useForm();
  const id = useId();
  const names = namesAt(steps).filter(name => !taken.includes(name));
  const { text, write } = useWriting('', () => true);
  const go = () => {
    if (text && !taken.includes(text)) add(text);
    write('');
  };
  return <span class="row add-named"><Offered id={id} values={names} /><input list={names.length > 0 ? id : undefined} aria-label={t('form.name')} placeholder={t('form.name')} value={text} onInput={event => write(event.currentTarget.value)} onKeyDown={event => { if (event.key === 'Enter') go(); }} /><button onClick={go} disabled={!text || taken.includes(text)}>{t('form.addNamed')}</button></span>;
}

/** What a field suggests; anything else may be written. */
const Offered = ({ id, values }: { id: string; values: string[] }) => values.length > 0 ? <datalist id={id}>{values.map(value => <option value={value} />)}</datalist> : null;

function Simple({ shape, ...props }: FieldProps & { shape: Shape }) {
  const { all, value, steps, label } = props;
  const { change, readOnly, problemsAt, valuesAt } = useForm();
  const id = useId();
  const problems = problemsAt(steps);
  const offered = shape === 'text' && !readOnly ? valuesAt(steps) : [];
  const { text, isWrong, write } = useWriting(shown(shape, value), text => {
    const read = readBack(shape, text);
    if (read === undefined || (shape === 'lines' && (read as unknown[]).length === 0)) return false;
    if (JSON.stringify(read) !== JSON.stringify(value)) change(steps, read);
    return true;
  });
  const is = { id, disabled: readOnly, 'aria-invalid': isWrong || problems.some(problem => !problem.isWarning), 'aria-describedby': problems.length > 0 ? `${id}-problem` : undefined };
  const onInput = (event: { currentTarget: { value: string } }) => write(event.currentTarget.value);
  return (
    <div class={`field${problems.length > 0 ? problems.some(problem => !problem.isWarning) ? ' wrong' : ' warning' : ''}`}>
      <label for={id}><Named {...props} remove={undefined} /></label>
      {props.remove && !readOnly && <button class="small" onClick={props.remove} aria-label={t('form.removeOne', { name: label })}>×</button>}
      {shape === 'yes' ? <input type="checkbox" {...is} checked={value === true} onChange={event => change(steps, event.currentTarget.checked)} />
        : shape === 'choice' ? <select {...is} value={text} onChange={onInput}>{(valuesOf(all) as string[]).map(choice => <option value={choice}>{choice}</option>)}</select>
        : shape === 'text' || shape === 'number' || shape === 'numbers' ? <input {...is} type="text" list={offered.length > 0 ? `${id}-offered` : undefined} inputMode={shape === 'text' ? undefined : 'decimal'} value={text} onInput={onInput} spellcheck={false} />
        : <textarea {...is} class={shape === 'long' ? undefined : 'json'} rows={Math.min(16, text.split('\n').length + (shape === 'long' ? 1 : 0))} value={text} onInput={onInput} spellcheck={false} />}
      <Offered id={`${id}-offered`} values={offered} />
      {problems.length > 0 && <p id={`${id}-problem`} class="problem-text" lang="en">{problems.map(problem => `${problem.message} ${fixesOf(problem).length === 0 && problem.expected ? t('failure.expected', { expected: problem.expected }) : ''}`).join(' ')}</p>}
    </div>
  );
}
