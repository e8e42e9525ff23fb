import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../../api/client';
import type { ContentReach, Effect } from '../../api/types';
import { Failure, problemText } from '../../parts/Failure';
import { called } from '../../parts/marks';
import { Dialog } from '../../shell/Dialog';
import { number, t } from '../../words/words';
import { publish, rehearse, type Base } from '../document';
import type { Kind } from '../kinds';
import { reached, tellEffect, tellReach, type Told } from './effect';
import { Migrate } from './Migrate';
import { Rendered } from './Rendered';

interface Known { told: Told[]; count?: number; looked: number; partial: boolean; inside: { version: number; runs: number }[]; starts: boolean; quiet: boolean | undefined }

/** What publishing does, before one does it: who enters, leaves, rises and falls, and why. One button, which says so. */
export function Publish({ kind, id, name, base, close }: { kind: Kind; id: string; name: string; base: Base; close: (isDone: boolean) => void }) {
  const [known, setKnown] = useState<Known>();
  const [error, setError] = useState<ApiError>();
  const [isBusy, setIsBusy] = useState(false);
  const [done, setDone] = useState<'live' | 'proposed'>();
  const [quiet, setQuiet] = useState<boolean>();
  const [isMoving, setIsMoving] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!kind.rehearses) return;
    const abort = new AbortController();
    const asked = kind.rehearses === 'reach'
      ? rehearse<ContentReach>(kind, id, base.version, abort.signal).then((reach): Known => ({ told: tellReach(reach), count: reach.for, looked: reach.looked, partial: reach.partial, inside: [], starts: false, quiet }))
      : rehearse<Effect>(kind, id, base.version, abort.signal, quiet).then((effect): Known => ({
          told: tellEffect(effect, kind, id), count: reached(effect, kind, id), looked: effect.looked, partial: effect.partial,
          inside: effect.journeys.flatMap(one => one.inside ?? []).filter(one => one.version !== base.version), starts: effect.journeys.some(one => one.enter > 0), quiet
        }));
    asked.then(found => { setKnown(found); setError(undefined); }, (error: ApiError) => { if (abort.signal.aborted) return; setKnown(undefined); setError(error); });
    return () => abort.abort();
  }, [turn, quiet]);

  // What is shown is of the choice that stands, or nothing is known of it.
  const isCurrent = known !== undefined && known.quiet === quiet;
  const mayFill = useRef(false); // once offered, the choice stays under the hand
  if (known?.starts) mayFill.current = true;
  const go = async () => {
    setIsBusy(true);
    try {
      setDone(await publish(kind, id, base, quiet) ? 'proposed' : 'live');
    } catch (caught) {
      setError(caught as ApiError);
    }
    setIsBusy(false);
  };

  return (
    <Dialog label={t('publish.title', { name, version: base.version })} close={() => close(done !== undefined)} className="publish" isBusy={isBusy || isMoving}>
      <h2>{t('publish.title', { name, version: base.version })}</h2>
      {done ? <p role="status">{t(done === 'proposed' ? 'publish.proposed' : 'publish.done', { name })}</p> : (
        <>
          {error && (error.status === 409 || error.status === 412 ? <p class="problem-text" role="alert">{problemText(error)}</p> : <Failure error={error} again={() => setTurn(turn + 1)} />)}
          {kind.id === 'templates' ? <Rendered id={id} of={{ version: base.version }} /> : !kind.rehearses && <p>{t('publish.unknown')}</p>}
          {kind.rehearses && !isCurrent && !error && <p role="status" class="quiet">{t('publish.looking')}</p>}
          {kind.rehearses && !known && error && <p>{t('publish.notKnown')}</p>}
          {known && isCurrent && known.told.length === 0 && <p>{t('publish.nothing')}</p>}
          {known && isCurrent && known.told.length > 0 && <ul class="plain">{known.told.map(one => <li key={one.text}><Line told={one} /></li>)}</ul>}
          {mayFill.current && kind.id === 'segments' && (
            <fieldset class="quietly">
              <legend>{t('publish.fill')}</legend>
              {[false, true].map(one => <label key={String(one)} class="row"><input type="radio" name="fill" checked={(quiet ?? false) === one} onChange={() => setQuiet(one)} />{t(one ? 'publish.fill.quiet' : 'publish.fill.start')}</label>)}
            </fieldset>
          )}
          {known && isCurrent && <p class="quiet">{t(known.partial ? 'publish.partial' : 'publish.looked', { count: known.looked })}</p>}
        </>
      )}
      {done !== 'proposed' && <div key="inside">{known?.inside.map(one => <Migrate key={one.version} journey={id} from={one.version} to={base.version} text={base.text} isLive={done === 'live'} busy={setIsMoving} />)}</div>}
      <p class="row">
        {!done && <button class="primary" disabled={isBusy || !!kind.rehearses && !isCurrent && !error} onClick={go}>{known?.count && isCurrent ? t('publish.to', { count: known.count, shown: number(known.count) }) : t('publish.go')}</button>}
        <button disabled={isBusy || isMoving} onClick={() => close(done !== undefined)}>{t(done ? 'keys.close' : 'publish.cancel')}</button>
      </p>
    </Dialog>
  );
}

/** One sentence, and those whom it is about. */
const Line = ({ told }: { told: Told }) => (
  <>
    {told.people.length === 0 ? told.text : (
      <details><summary>{told.text}</summary>
        <ul class="named">{told.people.map(person => <li key={person.leadId}><a href={`/app/leads/${person.leadId}`}>{called(person)}</a>{person.rule && <span class="quiet"> {t('effect.rule', { rule: person.rule })}</span>}</li>)}</ul>
      </details>
    )}
    {told.more && <span class="quiet more">{told.more}</span>}
  </>
);
