// What of the list is shown stands in the page's address, and is what the API is asked for.

export const names = ['q', 'stage', 'segment', 'owner', 'company', 'minEngagement', 'sends', 'near', 'sort', 'lines'] as const;
export type Name = typeof names[number];
export type Filter = Partial<Record<Name, string>>;

/** A message that was given up longer ago is no trouble any more, says the API. */
export const failedDays = 7;

/** How many there are of each kind that the list shows, by the rules of the list. */
export const countsPath = '/api/leads/counts';

export const filterIn = (query: Record<string, string>): Filter => Object.fromEntries(names.filter(name => query[name]).map(name => [name, query[name]]));

export const withOne = (filter: Filter, name: Name, value: string): Filter => {
  const { [name]: _, ...rest } = filter;
  return value ? { ...rest, [name]: value } : rest;
};

const query = (filter: Record<string, string>) => {
  const text = new URLSearchParams(filter).toString();
  return text ? `?${text}` : '';
};

export const pageOf = (filter: Filter) => `/app/leads${query(filter as Record<string, string>)}`;
/** @param filter But for how the list is shown, which is nothing to the API. */
export const listOf = ({ lines: _, ...filter }: Filter, cursor?: string) => `/api/leads${query({ ...filter as Record<string, string>, limit: '50', ...(cursor ? { cursor } : {}) })}`;
