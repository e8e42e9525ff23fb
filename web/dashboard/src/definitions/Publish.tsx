import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import type { ContentReach, Effect } from '../api/types';
import { Failure, problemText } from '../parts/Failure';
import { called } from '../parts/marks';
import { Dialog } from '../shell/Dialog';
import { number, t } from '../words/words';
import { publish, rehearse, type Base } from './document';
import { reached, tellEffect, tellReach, type Told } from './effect';
import type { Kind } from './kinds';

interface Known { told: Told[]; count?: number; looked: number; partial: boolean }

/** What publishing does, before one does it: who enters, leaves, rises and falls. One button, which says so. */
export function Publish({ kind, id, name, base, close }: { kind: Kind; id: string; name: string; base: Base; close: (isDone: boolean) => void }) {
  const [known, setKnown] = useState<Known>();
  const [error, setError] = useState<ApiError>();
  const [isBusy, setIsBusy] = useState(false);
  const [done, setDone] = useState<string>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!kind.rehearses) return;
    const abort = new AbortController();
    const asked = kind.rehearses === 'reach'
      ? rehearse<ContentReach>(kind, id, base.version, abort.signal).then(reach => ({ told: tellReach(reach), count: reach.for, looked: reach.looked, partial: reach.partial }))
      : rehearse<Effect>(kind, id, base.version, abort.signal).then(effect => ({ told: tellEffect(effect, kind, id), count: reached(effect, kind, id), looked: effect.looked, partial: effect.partial }));
    asked.then(found => { setKnown(found); setError(undefined); }, (error: ApiError) => { if (!abort.signal.aborted) setError(error); });
    return () => abort.abort();
  }, [turn]);

  const go = async () => {
    setIsBusy(true);
    try {
      setDone(t(await publish(kind, id, base) ? 'publish.proposed' : 'publish.done', { name }));
    } catch (caught) {
      setError(caught as ApiError);
    }
    setIsBusy(false);
  };

  return (
    <Dialog label={t('publish.title', { name, version: base.version })} close={() => close(done !== undefined)} className="publish">
      <h2>{t('publish.title', { name, version: base.version })}</h2>
      {done ? <p role="status">{done}</p> : (
        <>
          {error && (error.status === 409 || error.status === 412 ? <p class="problem-text" role="alert">{problemText(error)}</p> : <Failure error={error} again={() => setTurn(turn + 1)} />)}
          {!kind.rehearses && <p>{t('publish.unknown')}</p>}
          {kind.rehearses && !known && !error && <p role="status" class="quiet">{t('publish.looking')}</p>}
          {known && known.told.length === 0 && <p>{t('publish.nothing')}</p>}
          {known && <ul class="plain">{known.told.map(one => (
            <li>{one.people.length === 0 ? one.text : (
              <details><summary>{one.text}</summary>
                <ul class="named">{one.people.map(person => <li><a href={`/app/leads/${person.leadId}`}>{called(person)}</a></li>)}</ul>
              </details>
            )}</li>
          ))}</ul>}
          {known && <p class="quiet">{t(known.partial ? 'publish.partial' : 'publish.looked', { count: known.looked })}</p>}
        </>
      )}
      <p class="row">
        {!done && <button class="primary" disabled={isBusy || !!kind.rehearses && !known && !error} onClick={go}>{known?.count ? t('publish.to', { count: known.count, shown: number(known.count) }) : t('publish.go')}</button>}
        <button onClick={() => close(done !== undefined)}>{t(done ? 'keys.close' : 'publish.cancel')}</button>
      </p>
    </Dialog>
  );
}
