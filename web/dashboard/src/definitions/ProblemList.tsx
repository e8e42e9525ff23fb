import { Said } from '../parts/Said';
import { t } from '../words/words';
import { fixesOf, type Problem } from './problems';

/** All that is wrong, in words; a click leads there. Warnings have a sign of their own. */
export const ProblemList = ({ problems, reveal, fix }: { problems: Problem[]; reveal?: (problem: Problem) => void; fix?: (problem: Problem, right: string) => void }) => (
  <ul class="problems" aria-label={t('edit.problems')}>
    {problems.map(problem => (
      <li class={problem.isWarning ? 'warning' : 'wrong'}>
        <span aria-hidden="true">{problem.isWarning ? '!' : '✗'}</span>
        <span class="grow"><span class="hidden">{t(problem.isWarning ? 'edit.warning' : 'edit.error')} </span>
          {reveal ? <button class="path" onClick={() => reveal(problem)}>{problem.path}</button> : <code>{problem.path}</code>} <Said>{problem.message}</Said>
          {problem.expected && fixesOf(problem).length === 0 && <span class="quiet" lang="en"> {t('failure.expected', { expected: problem.expected })}</span>}
        </span>
        {fix && fixesOf(problem).map(right => <button onClick={() => fix(problem, right)}>{t('edit.fix', { right })}</button>)}
      </li>
    ))}
  </ul>
);
