// What is defined: all of one kind, live or a draft, and a way to begin another.
import { useLocation, useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useLoad } from '../api/load';
import { Failure } from '../parts/Failure';
import { useRowKeys } from '../parts/rows';
import { When } from '../parts/When';
import { may } from '../session/session';
import { Dialog } from '../shell/Dialog';
import { NotFound } from '../shell/NotFound';
import { Title } from '../shell/Title';
import { t, tOr } from '../words/words';
import { Editor } from './Editor';
import { isId, kindOf, kinds, pageOf, pageOfKind, type Kind, type KindId } from './kinds';
import { unsavedOf } from './unsaved';

interface Listed { id: string; name?: string; state: string; live?: number; latest: number; updatedAt?: string }

export function Rules() {
  const { params } = useRoute();
  const kind = kindOf(params.kind ?? 'journeys');
  if (!kind) return <NotFound />;
  return kind.single ? <Editor /> : <List key={kind.id} kind={kind} />;
}

function List({ kind }: { kind: Kind & { id: KindId } }) {
  const { data, error, again } = useLoad<{ items: Listed[] }>(kind.path);
  const [isNew, setIsNew] = useState(false);
  useRowKeys();
  const unsaved = unsavedOf(kind.id);
  const begun = data ? unsaved.filter(id => data.items.every(one => one.id !== id)) : [];
  return (
    <>
      <Title text={t('rules.title')}>{may('marketer') && <button class="primary" onClick={() => setIsNew(true)}>{t('rules.new')}</button>}</Title>
      <nav aria-label={t('rules.kinds')}><ul class="tabs kinds">{kinds.map(one => <li><a href={pageOfKind(one)} aria-current={one.id === kind.id ? 'page' : undefined}>{t(`kind.${one.id}`)}</a></li>)}</ul></nav>
      {error && <Failure error={error} again={again} />}
      <table class="leads rules">
        <caption class="hidden">{t(`kind.${kind.id}`)}</caption>
        <thead><tr><th scope="col">{t('leads.name')}</th><th scope="col">{t('rules.state')}</th><th scope="col" class="wide">{t('rules.versions')}</th><th scope="col" class="wide">{t('rules.changed')}</th></tr></thead>
        <tbody>
          {begun.map(id => <tr key={id}><th scope="row"><a data-row href={pageOf(kind, id)}>{id}</a></th><td><span class="stage">{t('edit.unsaved')}</span></td><td class="wide" /><td class="wide" /></tr>)}
          {data?.items.map(one => (
            <tr key={`${one.id} ${one.state}`}>
              <th scope="row"><a data-row href={pageOf(kind, one.id)}>{one.name ?? one.id}</a>{one.name && <span class="quiet"><code>{one.id}</code></span>}</th>
              <td><span class={`stage state-${one.state}`}>{tOr(`state.${one.state}`, one.state)}</span>{unsaved.includes(one.id) && <span class="quiet"> {t('edit.unsaved')}</span>}</td>
              <td class="wide">{one.latest === 0 ? '' : one.live === undefined ? t('edit.version', { version: one.latest }) : one.live === one.latest ? t('edit.version', { version: one.live }) : t('rules.waits', { live: one.live, draft: one.latest })}</td>
              <td class="wide">{one.updatedAt && <When at={one.updatedAt} />}</td>
            </tr>
          ))}
          {data?.items.length === 0 && begun.length === 0 && <tr><td colSpan={4} class="empty">{t('rules.none')}</td></tr>}
          {!data && !error && <tr class="tall"><td colSpan={4} /></tr>}
        </tbody>
      </table>
      {isNew && <New kind={kind} taken={data?.items.map(one => one.id) ?? []} close={() => setIsNew(false)} />}
    </>
  );
}

function New({ kind, taken, close }: { kind: Kind & { id: KindId }; taken: string[]; close: () => void }) {
  const { route } = useLocation();
  const [id, setId] = useState('');
  const isTaken = taken.includes(id);
  const begin = (event: SubmitEvent) => {
    event.preventDefault();
    if (!isId(id) || isTaken) return;
    close();
    route(pageOf(kind, id));
  };
  return (
    <Dialog label={t('rules.new')} close={close}>
      <form onSubmit={begin} class="begin-new">
        <h2>{t(`kind.${kind.id}`)}: {t('rules.new')}</h2>
        <label for="new-id">{t('rules.id')}</label>
        <input id="new-id" autofocus autocomplete="off" spellcheck={false} maxLength={64} value={id} aria-describedby="new-id-help" aria-invalid={id !== '' && (!isId(id) || isTaken)} onInput={event => setId(event.currentTarget.value.toLowerCase().replace(/\s/g, '-'))} />
        <p id="new-id-help" class={id !== '' && (!isId(id) || isTaken) ? 'problem-text' : 'quiet'}>{isTaken ? t('rules.taken') : t('rules.idHelp')}</p>
        <p class="row"><button class="primary" disabled={!isId(id) || isTaken}>{t('rules.begin')}</button><button type="button" onClick={close}>{t('publish.cancel')}</button></p>
      </form>
    </Dialog>
  );
}
