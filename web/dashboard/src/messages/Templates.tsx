import { useLoad } from '../api/load';
import type { Report, ReportRow } from '../api/types';
import { Failure } from '../parts/Failure';
import { lastDays, pageOf, queryOf } from '../reports/figures';
import { Reading } from '../reports/Reading';
import { may } from '../session/session';
import { number, percent, t } from '../words/words';

const days = 30;

/** Every template that was sent in the last thirty days: to how many, and what people did. The same figures as the reports', which they open. */
export function Templates() {
  const range = lastDays(days);
  const read = useLoad<Report>(`/api/reports/open-rate?${queryOf({ ...range, by: 'template' })}`);
  const clicked = useLoad<Report>(`/api/reports/ctr?${queryOf({ ...range, by: 'template' })}`);
  const error = read.error ?? clicked.error;
  if (error) return <Failure error={error} again={() => { read.again(); clicked.again(); }} />;
  if (!read.data || !clicked.data) return <><Reading /><div class="tall" /></>;

  const names = [...new Set([...clicked.data.rows, ...read.data.rows].map(row => String(row.template)))].sort();
  const rowOf = (report: Report, name: string) => report.rows.find(row => row.template === name);
  if (names.length === 0) return <p class="empty">{t('messages.none', { days })} {may('marketer') && <a href="/app/rules/templates/hello">{t('empty.template')}</a>}</p>;
  return (
    <table class="leads">
      <caption class="quiet">{t('messages.days', { days })}</caption>
      <thead><tr><th scope="col">{t('messages.template')}</th><th scope="col">{t('messages.delivered')}</th><th scope="col">{t('message.opened')}</th><th scope="col">{t('message.clicked')}</th></tr></thead>
      <tbody>{names.map(name => {
        const click = rowOf(clicked.data!, name);
        return (
          <tr key={name}>
            <th scope="row"><a data-row href={`/app/rules/templates/${encodeURIComponent(name)}`}>{name}</a></th>
            <td class="number">{number(click?.denominator ?? 0)}</td>
            <td class="number"><Rate metric="open-rate" row={rowOf(read.data!, name)} range={{ ...range, template: name }} /></td>
            <td class="number"><Rate metric="ctr" row={click} range={{ ...range, template: name }} /></td>
          </tr>
        );
      })}</tbody>
    </table>
  );
}

const Rate = ({ metric, row, range }: { metric: string; row?: ReportRow; range: Record<string, string> }) => row?.value == null
  ? <span class="quiet">{t('reports.noFigure')}</span>
  : <a href={pageOf(metric, range)}>{percent(row.value)} <span class="quiet">{number(row.numerator ?? 0)}</span></a>;
