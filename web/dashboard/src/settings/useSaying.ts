import { useState } from 'preact/hooks';
import type { ApiError } from '../api/client';
import { problemText } from '../parts/Failure';

/** Does something, and says what was refused: `said` is for people, empty when nothing was. */
export function useSaying() {
  const [said, setSaid] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const act = async (what: () => Promise<unknown>) => {
    setIsBusy(true);
    setSaid('');
    try {
      await what();
    } catch (error) {
      setSaid(problemText(error as ApiError));
    }
    setIsBusy(false);
  };
  return { said, isBusy, act };
}
