// Small signs of a lead: none says anything by colour alone.
import { number, t, tOr } from '../words/words';

export const Grade = ({ grade }: { grade?: string }) => <span class={`grade grade-${grade ?? 'none'}`} title={t('grade.title')}>{grade ?? <><span aria-hidden="true">–</span><span class="hidden">{t('grade.none')}</span></>}</span>;

export const stageName = (stage: string) => tOr(`stage.${stage}`, stage);
export const Stage = ({ stage }: { stage: string }) => <span class={`stage stage-${stage}`}>{stageName(stage)}</span>;

/** Engagement as a number and, for comparing at a glance, as a bar of at most 100. */
export const Engagement = ({ value }: { value: number }) => (
  <span class="engagement"><span class="number">{number(value, 0)}</span><meter min={0} max={100} value={Math.min(100, Math.max(0, value))} aria-hidden="true" /></span>
);

/** What a person is called: by name, else address, else id. */
export const called = (lead: { name?: string; email?: string; userId?: string; known?: boolean }) => lead.name || lead.email || lead.userId || t('lead.anonymous');

const text = (value: unknown) => typeof value === 'string' ? value : undefined;
/** As traits say it. */
export const nameOf = (traits: Record<string, unknown>) => text(traits.name) ?? ([text(traits.firstName), text(traits.lastName)].filter(Boolean).join(' ') || undefined);
