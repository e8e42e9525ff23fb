import { t } from '../words/words';

const kinds = ['page', 'screen', 'identify', 'group', 'alias', 'merge', 'unmerge', 'stage', 'points', 'segment', 'owner', 'message'] as const;

/** An event in words: what the product has a word for in the reader's language, everything else as it is called. */
export function eventName(name: string): string {
  const kind = kinds.find(kind => kind === name);
  return kind ? t(`event.${kind}`) : name;
}
