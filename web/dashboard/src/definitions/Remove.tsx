import { useEffect, useState } from 'preact/hooks';
import { call, callTagged, type ApiError } from '../api/client';
import type { Page, Use } from '../api/types';
import { Failure } from '../parts/Failure';
import { useSaying } from '../parts/useSaying';
import { Dialog } from '../shell/Dialog';
import { t } from '../words/words';
import { apiOf, kindOf, pageOf, type Kind } from './kinds';

/** Takes something out of use for good: what that does, and what still names it, before one does it. One button, which says so. */
export function Remove({ kind, id, name, etag, close }: { kind: Kind; id: string; name: string; etag?: string; close: (isGone: boolean) => void }) {
  const [uses, setUses] = useState<Page<Use>>();
  const [error, setError] = useState<ApiError>();
  const [turn, setTurn] = useState(0);
  // As it is now: what an earlier look found does not count.
  useEffect(() => {
    if (kind.id === 'scoring-models') return setUses({ items: [] }); // no document names one
    const abort = new AbortController();
    call<Page<Use>>(`/api/uses?kind=${kind.id}&id=${encodeURIComponent(id)}`, { signal: abort.signal }).then(
      found => { setUses(found); setError(undefined); }, (error: ApiError) => { if (!abort.signal.aborted) setError(error); });
    return () => abort.abort();
  }, [turn]);
  const [isProposed, setIsProposed] = useState(false);
  const { said, isBusy, act } = useSaying();
  const how = kind.removes!; // only such kinds have the button
  const go = () => act(async () => {
    setIsProposed(false);
    const { status } = how === 'archive' ? await callTagged(`${apiOf(kind, id)}/archive`, { method: 'POST' }) : await callTagged(apiOf(kind, id), { method: 'DELETE', ifMatch: etag });
    if (status === 202) setIsProposed(true);
    else close(true);
  });
  const named = uses?.items.map(use => ({ use, kind: kindOf(use.kind) })) ?? [];
  return (
    <Dialog label={t(`remove.${how}.title`, { name })} close={() => close(false)} isBusy={isBusy}>
      <h2>{t(`remove.${how}.title`, { name })}</h2>
      <p>{t(`remove.${kind.id as 'segments'}`)}</p>
      {error && <Failure error={error} again={() => setTurn(turn + 1)} />}
      {uses && (named.length === 0 ? <p class="quiet">{t('remove.unused')}</p> : (
        <>
          <p class="problem-text"><span aria-hidden="true">! </span>{t('remove.used', { count: named.length })}</p>
          <ul class="named">{named.map(({ use, kind }) => <li key={`${use.kind}/${use.id}`}>{kind && <><a href={pageOf(kind, use.id)}>{use.name ?? use.id}</a> <span class="quiet">{t(`kind.${kind.id}`)} · {t(use.live ? 'state.live' : 'state.draft')} · <code>{use.paths.join(', ')}</code></span></>}</li>)}</ul>
        </>
      ))}
      {(kind.id === 'segments' || kind.id === 'templates') && uses && <p class="quiet">{t('remove.campaigns')} <a href="/app/messages?part=campaigns">{t('messages.campaigns')}</a></p>}
      <p class="problem-text" role="alert">{isProposed ? t('remove.proposed', { name }) : said}</p>
      <p class="row"><button class="primary" disabled={isBusy || !uses && !error} onClick={go}>{t(`remove.${how}.go`, { name })}</button><button disabled={isBusy} onClick={() => close(false)}>{t('publish.cancel')}</button></p>
    </Dialog>
  );
}
