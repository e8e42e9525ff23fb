// Every page answers a question, and nobody needs more than two clicks from Home to see the answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagesOf } from '../pages.mjs';

const page = name => `nav.side a:text-is("${name}")`;

/** The question, what is clicked, and what answers it. */
const questions = [
  ['What needs me today?', [], '.tile[href="/app/sales"] b:text-matches("^[0-9]")'],
  ['Who is worth a look?', [page('Leads')], 'tbody tr:has([data-row]):has(.grade):has(.engagement):has(.stage)'],
  ['Who is this, why this score, what next?', ['main .two .people a'], '.lead:has(.total):has(.timeline li):has(.sum)'],
  ['Whom do I call now?', ['.tile[href="/app/sales"]'], '.open-lead:has(#open-name):has(h3:text-is("Why now"))'],
  ['Which work, which are stuck?', [page('Journeys')], '.journeys .card:has(.state-live):has(.counts:has-text("entered"))'],
  ['Where are people, where do they leave?', [page('Journeys'), '.journeys a:has-text("Mapped")'], '.step:has-text("Asks them") .counts:has-text("came through")'],
  ['What earns points, does it predict?', [page('Scoring')], '.points tbody tr:has(meter):has(td.number a:has-text("%"))'],
  ['Who belongs, how does it move?', [page('Segments')], '.segments tbody tr:has-text("Forced"):has(td.number a)'],
  ['What goes out, did people react?', [page('Messages')], 'tbody tr:has-text("marks"):has(td.number a)'],
  ['What do we send to whom this month?', [page('Calendar')], '.month .day li a'],
  ['How does nurturing do?', [page('Reports')], '.tile:has-text("MQLs") b:text-matches("[0-9]")'],
  ['Is data arriving, what happens to it?', [page('Live')], '.live li:has-text("Asked")'],
  ['Who may what?', [page('Settings')], '.settings .plain li:has-text("sales")'],
  ['From where does it come?', [page('Settings'), '.tabs a:has-text("Sources")'], '.settings .plain li b'],
  ['Who did what?', [page('Audit')], '.audit .card'],
  ['What could not be taken in?', [page('Refused')], '.rows > li, .empty'],
  ['By which rules?', [page('Rules'), '[data-row]'], '.bar']
];

export function questionTests(stack) {
  const { visit, signIn, leave } = pagesOf(stack);

  test('Each page’s question is answered within two clicks from Home', async () => {
    const page = await visit();
    await signIn(page);
    const tell = () => fetch(`${stack().app.origin}/v1/track`, { method: 'POST', headers: { Authorization: `Basic ${btoa('local-write-key:')}` }, body: JSON.stringify({ userId: 'asked', event: 'Asked' }) });
    for (const [question, clicks, answer] of questions) {
      await page.click('.brand');
      await page.waitForSelector('.tile b');
      assert.ok(clicks.length <= 2, question);
      for (const click of clicks) await page.click(click);
      if (/Live/.test(clicks[0])) {
        await page.waitForSelector('.live[aria-busy=false]');
        await tell();
      }
      await page.waitForSelector(answer, { timeout: 20000 }).catch(error => { throw new Error(`${question} ${error.message}`); });
    }
    await leave(page);
  });
}
