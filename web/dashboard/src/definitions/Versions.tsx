import { useEffect, useMemo, useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { useLoad } from '../api/load';
import type { Page } from '../api/types';
import { Failure, problemText } from '../parts/Failure';
import { When } from '../parts/When';
import { may } from '../session/session';
import { t } from '../words/words';
import { Changes } from '../journeys/Changes';
import { CodeView } from './code/CodeView';
import { readVersion, save, type ListedVersion } from './document';
import { apiOf, type Kind } from './kinds';
import { keepUnsaved } from './unsaved';
import type { Edit } from './useDocument';

const stateOf = (version: ListedVersion) => version.state === 'live' || version.live ? 'live' : version.state === 'retired' || version.wasLive ? 'retired' : 'draft';

/** What it was, when, and by whom; each beside what it is now, and a way back. */
export function Versions({ kind, id, edit, compare, show, restored }: { kind: Kind; id: string; edit: Edit; compare?: number; show: (version?: number) => void; restored: (version: number) => void }) {
  const { data, error, again } = useLoad<Page<ListedVersion>>(edit.base!.version > 0 ? `${apiOf(kind, id)}/versions` : null); // it is loaded
  const [other, setOther] = useState<{ version: number; text: string }>();
  const [said, setSaid] = useState<string>();
  useEffect(again, [edit.base!.version, edit.base!.live]);
  useEffect(() => {
    if (compare === undefined) return;
    readVersion(kind, id, compare).then(text => setOther({ version: compare, text }), (error: ApiError) => setSaid(problemText(error)));
  }, [compare]);

  const restore = async (version: number) => {
    try {
      const saved = await save(kind, id, await readVersion(kind, id, version), edit.base!, t('versions.noteRestored', { version }));
      keepUnsaved(kind.id, id, undefined);
      edit.reload();
      restored(saved.version);
    } catch (error) {
      setSaid(problemText(error as ApiError));
    }
  };

  return (
    <>
      {error && error.status !== 404 && <Failure error={error} again={again} />}
      {edit.base!.version === 0 && <p class="empty">{t('versions.none')}</p>}
      <p role="status" class="problem-text">{said}</p>
      <ol class="card versions">
        {data?.items.map(version => (
          <li>
            <b class="number">{version.version}</b>
            <span class={`stage state-${stateOf(version)}`}>{t(`state.${stateOf(version)}`)}</span>
            <span class="grow">{version.note && <span>{version.note} </span>}<span class="quiet"><When at={version.createdAt} />{version.by && ` · ${version.by}`}</span></span>
            <button aria-pressed={compare === version.version} onClick={() => show(compare === version.version ? undefined : version.version)}>{t('versions.compare')}</button>
            {may('marketer') && version.version !== edit.base!.version && <button disabled={edit.isDirty} title={edit.isDirty ? t('versions.saveFirst') : undefined} onClick={() => restore(version.version)}>{t('versions.restore')}</button>}
          </li>
        ))}
      </ol>
      {compare !== undefined && other?.version === compare && (
        <section class="sheet">
          <h2>{t('versions.between', { version: compare })}</h2>
          {kind.id === 'journeys' && other.text !== edit.text && <JourneyChanges before={other.text} after={edit.text} />}
          {other.text === edit.text ? <p class="empty">{t('versions.same')}</p> : <CodeView key={compare} label={t('versions.between', { version: compare })} text={edit.text} against={other.text} />}
        </section>
      )}
    </>
  );
}

/** On the map, unless what is typed is no JSON just now. */
function JourneyChanges({ before, after }: { before: string; after: string }) {
  const documents = useMemo(() => {
    try {
      return { before: JSON.parse(before) as unknown, after: JSON.parse(after) as unknown };
    } catch {
      return undefined;
    }
  }, [before, after]);
  return documents ? <Changes {...documents} /> : null;
}
