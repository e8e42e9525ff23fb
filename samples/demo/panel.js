// The panel beside the shop. /demo/api/me answers { lead, score, timeline } as GET /api/leads, …/score and …/timeline do; 404 while the visitor has no lead yet.
import { html } from './catalogue.js';

const PAUSE = 1000; // milliseconds between two looks
const target = document.getElementById('lead');
const number = value => Number(value || 0).toLocaleString('en', { maximumFractionDigits: 2 });
const signed = value => `${value > 0 ? '+' : ''}${number(value)}`;
const clock = time => new Date(time).toLocaleTimeString('en-GB');
const visitor = () => new Promise(resolve => window.lf('ready', resolve));

const meter = (label, value, max, text) => html`<div class="score"><dt>${label}</dt><dd><output>${text}</output>
  <meter min="0" max="${max}" value="${Math.max(0, value)}">${text}</meter></dd></div>`;

const contribution = ({ rule, event, points, applied, now, reduced, halfLife }) => html`<tr><th scope="row">${rule}</th>
  <td title="${event.id}">${event.name} <time datetime="${event.at}">${clock(event.at)}</time></td>
  <td>${signed(points)}${applied !== points ? html` <small title="after caps and repeats">→ ${signed(applied)} ${reduced ? `(${reduced})` : ''}</small>` : ''}</td>
  <td title="${halfLife ? `halves every ${halfLife}` : 'does not decay'}">${signed(now)}</td></tr>`;

const entry = ({ name, at, properties, points }) => html`<li><time datetime="${at}">${clock(at)}</time> <strong>${name}</strong>
  ${(properties || {}).path || (properties || {}).name || (properties || {}).form || ''}
  ${(points || []).map(({ rule, points }) => html`<span class="points">${signed(points)} ${rule}</span>`)}</li>`;

const draw = ({ lead, score, timeline }, { anonymousId }) => html`
  <dl class="facts">
    <div><dt>Lead</dt><dd><code title="${lead.id}">${lead.id}</code></dd></div>
    <div><dt>Who</dt><dd>${lead.email || lead.userId || html`anonymous <code title="${anonymousId}">${anonymousId.slice(0, 8)}…</code>`}</dd></div>
    <div><dt>Stage</dt><dd><span class="stage">${lead.stage}</span></dd></div>
  </dl>
  <dl class="scores" aria-live="polite">
    ${meter('Engagement', score.engagement, 200, number(score.engagement))}
    ${meter(score.grade ? html`Fit, grade <strong>${score.grade}</strong>` : 'Fit', score.fit, 100, number(score.fit))}
  </dl>
  <h3>Why</h3>
  ${score.contributions.length === 0 && score.fitContributions.length === 0 ? html`<p class="empty">No rule has matched yet. Look at the prices, or at a plant.</p>` : html`
  <table><thead><tr><th>Rule</th><th>Event</th><th>Points</th><th>Now</th></tr></thead>
  <tbody>${score.contributions.map(contribution)}
  ${score.fitContributions.map(({ rule, points }) => html`<tr class="fit"><th scope="row">${rule}</th><td>fit</td><td>${signed(points)}</td><td></td></tr>`)}</tbody></table>`}
  ${score.clamp ? html`<p class="hint">The sum is ${number(score.clamp.sum)}, clamped to ${number(score.clamp.to)}.</p>` : ''}
  <h3>Last events</h3>
  <ol>${timeline.map(entry)}</ol>`;

let shown;
const show = markup => {
  if (String(markup) === shown) return; // what has not changed is not read out again
  shown = String(markup);
  target.innerHTML = shown;
};

async function look() {
  try {
    const me = await visitor();
    const answer = await fetch(`/demo/api/me?anonymousId=${encodeURIComponent(me.anonymousId)}`);
    if (answer.ok) show(draw(await answer.json(), me));
    else if (answer.status === 404) show(html`<p class="empty">Waiting for the first event…</p>`);
    else show(html`<p class="empty">The server answered ${answer.status}. Trying again…</p>`);
  } catch (error) {
    show(html`<p class="empty">The server does not answer. Trying again…</p>`);
  }
}

(async () => {
  for (;;) {
    if (!document.hidden) await look();
    await new Promise(resolve => setTimeout(resolve, PAUSE));
  }
})();
