import { reading } from '../api/load';
import { percent, t } from '../words/words';

/** Says how far the server is that has just begun to read the facts. */
export const Reading = () => reading.value
  ? <p class="ribbon" role="status">{t('reports.reading', { percent: percent(reading.value.shards / reading.value.of, 0), count: reading.value.facts })}</p>
  : null;
