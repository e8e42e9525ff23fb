import { useRef, useState } from 'preact/hooks';
import { t } from '../../words/words';
import { inside } from '../schema';
import { Field, Group, type FieldProps } from './Field';
import { useForm } from './FormView';
import { sayRule } from './say';
import { blank, partsOf, shapeOf } from './shape';

type Item = Record<string, unknown>;

/** What an item is called: by what it has for a name, else its place. */
const titleOf = (item: Item, place: number) => [item.id, item.name, item.label, item.event, item.code].find(name => typeof name === 'string' && name !== '') as string | undefined ?? t('form.item', { place: place + 1 });

/** Objects in a row: each a line that says what it is, and opens. */
export function List({ all, value, steps }: FieldProps) {
  const { root, change, readOnly, problemsAt } = useForm();
  const [added, setAdded] = useState<number>();
  const items = value as Item[];
  const kinds = inside(all, 0, root);
  const parts = partsOf(all, value, root);
  // Which is which, however it is called and wherever it stands: what is open, and where somebody writes, goes along.
  const keys = useRef<number[]>([]);
  const next = useRef(0);
  while (keys.current.length < items.length) keys.current.push(next.current++);
  keys.current.length = items.length;
  const move = (place: number, to: number) => {
    const moved = [...items];
    moved.splice(to, 0, ...moved.splice(place, 1));
    keys.current.splice(to, 0, ...keys.current.splice(place, 1));
    change(steps, moved);
  };
  return (
    <>
      <ol class="items">
        {items.map((item, place) => {
          const at = [...steps, place];
          return (
            <li key={keys.current[place]}>
              <details open={added === keys.current[place]}>
                <summary><b>{titleOf(item, place)}</b> <span class="quiet">{sayRule(item) ?? (typeof item.type === 'string' ? item.type : '')}</span>{problemsAt(at).map(problem => <span class="problem-text" lang="en"> {problem.message}</span>)}</summary>
                {shapeOf(kinds, item) === 'group' || shapeOf(kinds, item) === 'map' ? <Group all={parts[place]!.all} value={item} steps={at} label="" /> : <Field all={kinds} value={item} steps={at} label={titleOf(item, place)} />}
                {!readOnly && (
                  <p class="row">
                    <button disabled={place === 0} onClick={() => move(place, place - 1)}>{t('form.up')}</button><button disabled={place === items.length - 1} onClick={() => move(place, place + 1)}>{t('form.down')}</button>
                    <button onClick={() => { keys.current.splice(place, 1); change(at, undefined); }}>{t('form.remove')}</button>
                  </p>
                )}
              </details>
            </li>
          );
        })}
      </ol>
      {!readOnly && <button class="add" onClick={() => { setAdded(next.current); change([...steps, items.length], blank(kinds, root)); }}>{t('form.addItem')}</button>}
    </>
  );
}
