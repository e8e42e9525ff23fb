// One definition: as text, as a form, in its versions; saved as drafts, and published with what that does in view.
import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { stepsOf } from '../journeys/tree';
import { Failure } from '../parts/Failure';
import { exact } from '../parts/When';
import { Rehearsed } from '../rehearsal/Rehearsed';
import type { Chosen } from '../rehearsal/Whom';
import { may } from '../session/session';
import { NotFound } from '../shell/NotFound';
import { Title } from '../shell/Title';
import { useKeys } from '../shell/keys';
import { t } from '../words/words';
import { call } from '../api/client';
import { CodeView } from './code/CodeView';
import type { Code } from './code/editor';
import { Conflict } from './Conflict';
import { fixIn } from './fix';
import { FormView } from './form/FormView';
import { parsed } from './json';
import { apiOf, kindOf, pageOf, pageOfKind, type Kind, type KindId } from './kinds';
import type { Problem } from './problems';
import { ProblemList } from './ProblemList';
import { Proposed } from './Proposed';
import { Preview } from './preview/Preview';
import { Publish } from './publishing/Publish';
import { Remove } from './Remove';
import type { Schema } from './schema';
import { useKnown } from './known';
import { useDocument } from './useDocument';
import { Versions } from './Versions';

const views = ['form', 'code', 'versions', 'simulate'] as const;
type View = typeof views[number];

export function Editor() {
  const { params, query } = useRoute();
  const kind = kindOf(params.kind ?? 'lifecycle');
  const id = kind?.single ? kind.id : params.id ?? '';
  if (!kind) return <NotFound />;
  return <One key={`${kind.id}/${id}`} kind={kind} id={id} view={views.find(view => view === query.view) ?? 'form'} compare={Number(query.compare) || undefined} />;
}

function One({ kind, id, view, compare }: { kind: Kind & { id: KindId }; id: string; view: View; compare?: number }) {
  const { route } = useLocation();
  const edit = useDocument(kind, id);
  const [schema, setSchema] = useState<Schema>();
  const [isPublishing, setIsPublishing] = useState(false);
  const [isRemoving, setIsRemoving] = useState(false);
  const [publications, setPublications] = useState(0);
  const [note, setNote] = useState('');
  const [said, setSaid] = useState('');
  const code = useRef<Code | undefined>(undefined);
  const rehearsed = useRef<Chosen>(null);
  const mayEdit = may('marketer');
  const known = useKnown(mayEdit);
  useEffect(() => { call<Schema>(kind.schema).then(setSchema, () => setSchema({})); }, []);

  const save = async () => {
    const saved = await edit.save(note.trim() || undefined);
    if (saved) {
      setNote('');
      setSaid(t('edit.saved', { version: saved.version }));
    }
    return saved;
  };
  const toPublish = async () => {
    if (!edit.isDirty || await save()) setIsPublishing(true);
  };
  useKeys(event => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 's') return false;
    if (mayEdit && edit.isDirty) void save();
    return true;
  }, true);
  useEffect(() => setSaid(''), [edit.text]);

  const show = (view: View, compare?: number) => route(`${pageOf(kind, id)}?view=${view}${compare ? `&compare=${compare}` : ''}`, true);
  const fix = (problem: Problem, right: string) => {
    const better = fixIn(edit.text, problem, right);
    if (better !== null) edit.edit(better);
  };
  const { base } = edit;
  const isWrong = edit.problems.some(problem => !problem.isWarning);
  const isPublished = base !== undefined && base.live === base.version && base.version > 0 && !edit.isDirty;
  const document = useMemo(() => parsed(edit.text), [edit.text]);
  const name = nameIn(document) ?? id;
  const hasPreview = kind.id === 'templates' && mayEdit;
  const tabs = views.filter(one => one !== 'simulate' || (kind.id === 'journeys' && mayEdit));

  return (
    <>
      <p class="trail"><a href={kind.single ? '/app/rules' : pageOfKind(kind)}>{t(kind.single ? 'rules.title' : `kind.${kind.id}`)}</a></p>
      <Title text={base ? name : edit.error ? id : '…'}>
        {base && <span class={`stage ${edit.isDirty || base.version === 0 ? '' : base.live === base.version ? 'state-live' : 'state-draft'}`}>{edit.isDirty ? t('edit.unsaved') : base.version > 0 && base.live === base.version ? t('state.live') : base.version === 0 ? t('state.builtIn') : t('state.draft')}</span>}
        {base && base.version > 0 && <span class="quiet">{t('edit.version', { version: base.version })}{base.live !== undefined && base.live !== base.version && ` · ${t('edit.liveIs', { version: base.live })}`}</span>}
      </Title>
      {edit.error && <Failure error={edit.error} again={base ? undefined : edit.reload} />}
      {base && <Proposed key={`${base.etag} ${publications}`} kind={kind} id={id} />}
      {edit.restoredAt && <p class="ribbon" role="status">{t('edit.restored', { at: exact(edit.restoredAt) })} <button onClick={edit.discard}>{t('edit.discard')}</button></p>}
      {base && (edit.theirs ? <Conflict mine={edit.text} theirs={edit.theirs} settle={edit.settle} /> : (
        <>
          <div class="bar">
            <ul class="tabs" aria-label={t('edit.views')}>{tabs.map(one => <li><a href={`${pageOf(kind, id)}?view=${one}`} aria-current={one === view ? 'page' : undefined} onClick={event => { event.preventDefault(); show(one); }}>{t(`edit.view.${one}`)}</a></li>)}</ul>
            {mayEdit && (
              <span class="row actions">
                <span class="quiet" role="status">{edit.state === 'saving' ? t('edit.saving') : edit.state === 'checking' ? t('edit.checking') : said || (isWrong ? t('edit.count', { count: edit.problems.filter(problem => !problem.isWarning).length }) : edit.isDirty ? t('edit.fine') : '')}</span>
                <label class="note"><span class="hidden">{t('edit.note')}</span><input value={note} maxLength={200} placeholder={t('edit.note')} disabled={!edit.isDirty} onInput={event => setNote(event.currentTarget.value)} /></label>
                {kind.removes && base.version > 0 && <button onClick={() => setIsRemoving(true)}>{t(`remove.${kind.removes}`)}</button>}
                <button onClick={save} disabled={!edit.isDirty || isWrong || edit.state === 'saving'}>{t('edit.save')}</button>
                <button class="primary" onClick={toPublish} disabled={isWrong || isPublished || edit.state === 'saving' || (base.version === 0 && !edit.isDirty)}>{t('edit.publish')}</button>
              </span>
            )}
          </div>
          {view === 'simulate' && kind.id === 'journeys' ? document !== undefined ? <Rehearsed path={apiOf(kind, id)} draft={edit.problems} document={document} steps={stepsOf(document)} kept={rehearsed} /> : <p class="card">{t('form.noJson')} <button onClick={() => show('code')}>{t('edit.view.code')}</button></p>
            : view === 'versions'
            ? <Versions kind={kind} id={id} edit={edit} compare={compare} show={version => show('versions', version)} restored={version => { setSaid(t('edit.saved', { version })); show('code'); }} />
            : (
              <div class={hasPreview ? 'beside-mail' : undefined}><div class="sheet">
                {view === 'code'
                  ? <CodeView label={t('edit.text', { name })} text={edit.text} problems={edit.problems} schema={schema} known={known} onChange={mayEdit ? edit.edit : undefined} onFix={fix}
                      fixLabel={right => t('edit.fix', { right })} ready={opened => { code.current = opened; }} />
                  : schema && <FormView document={document} schema={schema} known={known} problems={edit.problems} edit={edit.edit} readOnly={!mayEdit} toCode={() => show('code')} />}
                {edit.problems.length > 0 && <ProblemList problems={edit.problems} fix={mayEdit ? fix : undefined} reveal={view === 'code' ? problem => code.current?.reveal(problem) : () => show('code')} />}
              </div>{hasPreview && <Preview id={id} document={document} isRight={document !== undefined && !isWrong && edit.state === 'checked'} isWrong={document === undefined || isWrong} />}</div>
            )}
        </>
      ))}
      {isPublishing && base && <Publish kind={kind} id={id} name={name} base={base} close={isDone => { setIsPublishing(false); if (isDone) { setPublications(publications + 1); edit.reload(); } }} />}
      {isRemoving && base && <Remove kind={kind} id={id} name={name} etag={base.etag} close={isGone => { setIsRemoving(false); if (isGone) route(pageOfKind(kind)); }} />}
    </>
  );
}

function nameIn(document: unknown): string | undefined {
  const { name } = (document ?? {}) as { name?: unknown };
  return typeof name === 'string' && name.trim() ? name : undefined;
}
