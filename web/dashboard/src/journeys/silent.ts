import type { ListedJourney } from '../api/types';

/** For Home's number and the list behind it alike. */
export const journeysPath = '/api/journeys?with=activity';

/** Nobody has come or gone on for longer than it used to take; the API says what that is. */
export const isSilent = (journey: ListedJourney) => !!journey.activity?.silence.isSilent;
