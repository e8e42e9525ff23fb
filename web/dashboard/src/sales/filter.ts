import type { QueuedLead } from '../api/types';

export const queuePath = '/api/sales/queue?limit=200';

/** Parts of the queue, for Home's numbers and the lists behind them alike. */
export const all = ['all', 'overdue', 'unowned'] as const;
export type Show = typeof all[number];

export const showIn = (query: Record<string, string>): Show => all.find(show => show === query.show) ?? 'all';

export const shown = (leads: QueuedLead[], show: Show) => leads.filter(lead => show === 'overdue' ? lead.slaMissed : show === 'unowned' ? !lead.owner : true);

export const pageOf = (show: Show, lead?: string) => {
  const query = new URLSearchParams({ ...(show === 'all' ? {} : { show }), ...(lead ? { lead } : {}) }).toString();
  return `/app/sales${query ? `?${query}` : ''}`;
};
