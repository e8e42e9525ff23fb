// What rules are called: by their names, else as a sentence of what they ask for. Ids are for programs.
import { useLoad } from '../api/load';
import type { Score } from '../api/types';
import { say } from '../definitions/form/say';

interface Rule { id: string; name?: string; when?: unknown }
interface Model { document: { engagement?: { rules?: Rule[] }; fit?: { rules?: Rule[] } } }

/** Of the live model: points of others were earned by rules of the same id, or by such as are no more, which keep it. */
export function useRuleNames(model: Score['model']): (id: string) => string {
  const { data } = useLoad<Model>(model ? `/api/scoring-models/${encodeURIComponent(model.id)}/versions/${model.version}` : null);
  const rules = [...data?.document.engagement?.rules ?? [], ...data?.document.fit?.rules ?? []];
  return id => {
    const rule = rules.find(one => one.id === id);
    return rule?.name ?? (rule?.when === undefined ? id : say(rule.when));
  };
}
