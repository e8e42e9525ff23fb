// What a cost is for, and under which id a month's cost is kept: entered a second time it is the same one, and counts once.
import { call, callTagged } from '../api/client';
import type { ShownCost } from '../api/types';

export const targets = ['source', 'firstCampaign', 'journey'] as const;
export const spentOn = ['media', 'technology', 'labour'] as const;
export type Target = typeof targets[number];

export const daysOf = (month: string) => {
  const [year, number] = month.split('-').map(Number) as [number, number]; // as `monthIn` lets it through
  return { from: `${month}-01`, to: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) };
};

export const touches = (cost: ShownCost, month: string) => cost.from <= daysOf(month).to && cost.to >= daysOf(month).from;
export const isOf = (cost: ShownCost, month: string) => cost.from === daysOf(month).from && cost.to === daysOf(month).to;

export const targetOf = (cost: ShownCost) => targets.map(target => ({ target, value: cost[target] })).find(one => one.value !== undefined);

/** Ids have few letters: what is lost of a name is made up for by some digits of its hash. */
async function slug(text: string) {
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 20);
  if (plain === text) return plain;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return `${plain}-${[...hash.slice(0, 4)].map(byte => byte.toString(16).padStart(2, '0')).join('')}`;
}

export const idOf = async (month: string, kind: string, target?: Target, value = '') => [month, target ? `${target.toLowerCase()}-${await slug(value)}` : 'all', kind || 'other'].join('_');

const pathOf = (id: string) => `/api/costs/${encodeURIComponent(id)}`;

export const addCost = (id: string, document: object) => call<ShownCost>(pathOf(id), { method: 'PUT', ifNoneMatch: '*', body: document });

/** @returns False when somebody else has changed it since it was shown: then it stays as they left it. */
async function change(shown: ShownCost, how: (document: Omit<ShownCost, 'id' | 'updatedAt'>) => { method: string; body?: object }): Promise<boolean> {
  const { data: { id: _, updatedAt, ...document }, etag } = await callTagged<ShownCost>(pathOf(shown.id));
  if (updatedAt !== shown.updatedAt) return false;
  await call(pathOf(shown.id), { ...how(document), ifMatch: etag });
  return true;
}

export const changeAmount = (shown: ShownCost, amount: number) => change(shown, document => ({ method: 'PUT', body: { ...document, amount } }));
export const removeCost = (shown: ShownCost) => change(shown, () => ({ method: 'DELETE' }));
