import { useState } from 'preact/hooks';
import { call, type ApiError } from '../api/client';
import { useLoad } from '../api/load';
import type { Approvals } from '../api/types';
import { problemText } from '../parts/Failure';
import { When } from '../parts/When';
import { may } from '../session/session';
import { t } from '../words/words';
import { apiOf, type Kind } from './kinds';

/** `scoringModels` as addresses have it. */
const addressed = (kind: string) => kind.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

/** That somebody wants a version in effect, where a second person has to agree: by publishing the same one. */
export function Proposed({ kind, id }: { kind: Kind; id: string }) {
  const { data, again } = useLoad<Approvals>('/api/approvals');
  const [said, setSaid] = useState<string>();
  const waiting = data?.waiting.find(one => addressed(one.kind) === kind.id && (kind.single || one.id === id));
  if (!waiting) return null;
  const decline = async () => {
    try {
      await call(`${apiOf(kind, id)}/decline`, { method: 'POST', body: {} });
      again();
    } catch (error) {
      setSaid(problemText(error as ApiError));
    }
  };
  return (
    <p class="ribbon" role="status">
      {t(waiting.proposal.version === 0 ? 'proposal.deletes' : 'proposal.waits', { name: waiting.proposal.by.name, version: waiting.proposal.version })} <When at={waiting.proposal.at} />
      {may('marketer') && <> <button onClick={decline}>{t('proposal.decline')}</button></>} {said}
    </p>
  );
}
