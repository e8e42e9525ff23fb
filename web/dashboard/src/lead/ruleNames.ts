// What rules are called: by their names, else by what they ask for. Ids are for programs.
import { useLoad } from '../api/load';
import type { Score } from '../api/types';
import { say } from '../definitions/form/say';
import { isMembers } from '../definitions/json';

interface Rule { id: string; name?: string; when?: unknown }
interface Model { document: { engagement?: { rules?: Rule[] }; fit?: { rules?: Rule[] } } }

/** Of a rule that asks for several things what somebody did: the rest says for whom it counts. */
function heart(when: unknown): unknown {
  const acts = isMembers(when) && Array.isArray(when.all) ? when.all.filter(one => isMembers(one) && one.event !== undefined) : [];
  return acts.length === 0 ? when : acts.length === 1 ? acts[0] : { all: acts };
}

/** Of the live model: points of others were earned by rules of the same id, or by such as are no more, which keep it. */
export function useRuleNames(model: Score['model']): (id: string) => string {
  const { data } = useLoad<Model>(model ? `/api/scoring-models/${encodeURIComponent(model.id)}/versions/${model.version}` : null);
  const rules = [...data?.document.engagement?.rules ?? [], ...data?.document.fit?.rules ?? []];
  return id => {
    const rule = rules.find(one => one.id === id);
    return rule?.name ?? (rule?.when === undefined ? id : say(heart(rule.when)));
  };
}
