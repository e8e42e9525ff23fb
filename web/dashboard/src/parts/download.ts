import { ApiError, ask } from '../api/client';

const pause = 2_000;
/** Then something is wrong: the server reads what it counts from in far less. */
const most = 60;

/** An answer of the API, kept as a file; throws what was refused. */
export async function download(path: string, name: string) {
  let answer = await ask(path);
  for (let times = 0; answer.status === 202; times++) { // there is none yet
    if (times === most) throw new ApiError(503, '');
    await new Promise(done => setTimeout(done, pause));
    answer = await ask(path);
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
