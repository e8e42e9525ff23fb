// Journeys to start from, as the repository's samples have them: each is loaded when somebody takes it.
export const samples = {
  welcome: () => import('../../../../samples/journeys/welcome.json'),
  'abandoned-cart': () => import('../../../../samples/journeys/abandoned-cart.json'),
  birthday: () => import('../../../../samples/journeys/birthday.json'),
  'win-back': () => import('../../../../samples/journeys/win-back.json')
};
export type Sample = keyof typeof samples;
