// A day and time as the workspace's clock shows it.

const wall = (at: number, timeZone: string) => {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}Z`);
};

/** The moment at which clocks of the zone show this ("2026-12-24T09:00"); one that they skip in spring is taken an hour later. Undefined: it is no time. */
export function momentOf(local: string, timeZone: string): string | undefined {
  const shown = Date.parse(`${local}Z`);
  if (Number.isNaN(shown)) return undefined;
  // The offset of the zone may be another at the first guess than at the moment meant.
  const guess = shown - (wall(shown, timeZone) - shown);
  const second = shown - (wall(guess, timeZone) - guess);
  return new Date(wall(second, timeZone) === shown ? second : Math.max(guess, second)).toISOString();
}

/** What clocks of the zone show then. */
export const localOf = (at: number, timeZone: string) => new Date(wall(at, timeZone)).toISOString().slice(0, 16);
