// One function a page: the state of the shop in, its markup out.
import { find, html, money, plans, plants } from './catalogue.js';

const leaf = plant => html`<svg viewBox="0 0 100 80" role="img" aria-label="${plant.name}">
  <rect width="100" height="80" rx="6" fill="hsl(${plant.hue} 35% 93%)"/>
  <path d="M50 62C26 50 28 22 50 12c22 10 24 38 0 50z" fill="hsl(${plant.hue} 38% 42%)"/>
  <path d="M50 62C34 58 22 46 20 32c14 0 28 10 30 30z" fill="hsl(${plant.hue} 38% 34%)"/>
  <path d="M50 62C66 58 78 46 80 32c-14 0-28 10-30 30z" fill="hsl(${plant.hue} 38% 52%)"/>
  <path d="M38 60h24l-4 14H42z" fill="#b5694a"/></svg>`;

const card = plant => html`<li class="card">
  <a href="/demo/products/${plant.productId}">${leaf(plant)}<strong>${plant.name}</strong></a>
  <p>${plant.text}</p>
  <p class="row"><span>${money(plant.price)}</span><button data-add="${plant.productId}">Add to cart</button></p></li>`;

const home = () => ['Plants for offices', html`<h1>Plants for offices</h1>
  <p class="lead">We choose them, bring them, water them, and take them home when they are unhappy.</p>
  <p><a class="button" href="/demo/products">See the plants</a> <a class="button quiet" href="/demo/pricing">What care costs</a></p>
  <ul class="cards">${plants.slice(0, 3).map(card)}</ul>`];

const products = () => ['Plants', html`<h1>Plants</h1><ul class="cards">${plants.map(card)}</ul>`];

const product = plant => [plant.name, html`<h1>${plant.name}</h1>
  <div class="product">${leaf(plant)}<div><p class="lead">${plant.text}</p><p>${plant.category} · ${money(plant.price)}</p>
  <p><button data-add="${plant.productId}">Add to cart</button> <a href="/demo/products">All plants</a></p></div></div>`];

const pricing = () => ['Pricing', html`<h1>Pricing</h1><p class="lead">Care by the month, per office. Plants are sold separately.</p>
  <ul class="cards">${plans.map(plan => html`<li class="card"><strong>${plan.name}</strong>
  <p class="price">${money(plan.price)} <small>a month</small></p><p>${plan.text}</p></li>`)}</ul>`];

const careers = () => ['Careers', html`<h1>Careers</h1><p class="lead">We look for people with patience and green thumbs.</p>
  <ul><li>Gardener, Ljubljana</li><li>Driver, Warsaw</li><li>Botanist, Berlin</li></ul>
  <p class="hint">Who reads job offers is rarely buying: the sample model takes 20 points off, once.</p>`];

const lines = cart => cart.map(({ productId, quantity }) => html`<tr><td>${find(productId).name}</td><td>${quantity}</td>
  <td>${money(find(productId).price * quantity)}</td><td><button class="quiet" data-remove="${productId}" aria-label="Remove ${find(productId).name}">Remove</button></td></tr>`);

const cart = ({ cart, total }) => ['Cart', html`<h1>Cart</h1>${cart.length === 0 ? html`<p>Nothing in it yet. <a href="/demo/products">See the plants</a></p>` : html`
  <table><thead><tr><th>Plant</th><th>Number</th><th>Price</th><th></th></tr></thead><tbody>${lines(cart)}</tbody>
  <tfoot><tr><th colspan="2">Total</th><th>${money(total)}</th><th></th></tr></tfoot></table>
  <p><a class="button" href="/demo/checkout">Check out</a></p>`}`];

const field = (label, name, rest) => html`<label>${label} <input name="${name}" ${rest}></label>`;

const checkout = ({ cart, total }) => cart.length === 0 ? ['Checkout', html`<h1>Checkout</h1><p>The cart is empty. <a href="/demo/products">See the plants</a></p>`]
  : ['Checkout', html`<h1>Checkout</h1><form id="order" class="stack">
  ${field('Name', 'name', html`required autocomplete="name"`)}
  ${field('E-mail', 'email', html`type="email" required autocomplete="email"`)}
  ${field('Company', 'company', html`required autocomplete="organization"`)}
  <label>People in the office <select name="employees"><option value="5">up to 10</option><option value="30">11 to 49</option><option value="120" selected>50 to 249</option><option value="500">250 or more</option></select></label>
  <label>Country <select name="country" autocomplete="country"><option value="SI">Slovenia</option><option value="PL">Poland</option><option value="DE">Germany</option><option value="FR">France</option><option value="US">United States</option></select></label>
  <button>Order for ${money(total)}</button></form>`];

const thanks = ({ orderId }) => ['Thank you', html`<h1>Thank you</h1><p class="lead">Order ${orderId || ''} is on its way, if it existed.</p><p><a href="/demo/products">More plants</a></p>`];

const login = () => ['Log in', html`<h1>Log in</h1><form id="login" class="stack">
  ${field('E-mail', 'email', html`type="email" required autocomplete="username"`)}
  ${field('Password', 'password', html`type="password" autocomplete="current-password"`)}
  <button>Log in</button><p class="hint">Any address will do; the password is neither checked nor sent.</p></form>`];

const missing = () => ['Not found', html`<h1>Not found</h1><p>No page grows here. <a href="/demo">Home</a></p>`];

const pages = { '': home, products, pricing, careers, cart, checkout, thanks, login };

// The page at a path below /demo: its title, its markup, and the plant that it shows.
export function view(path, state) {
  const [name, id] = path.split('/').filter(Boolean);
  const plant = name === 'products' && id ? find(id) : undefined;
  const page = plant ? () => product(plant) : id === undefined && Object.hasOwn(pages, name || '') ? pages[name || ''] : missing;
  const [title, markup] = page(state);
  return { title, markup, plant };
}
