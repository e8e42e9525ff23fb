// The shop: paths, cart and forms. Every call of lf() is one that a real shop would make.
import { find } from './catalogue.js';
import { view } from './views.js';

const lf = (...args) => window.lf(...args);
const main = document.getElementById('main');

const load = () => JSON.parse(sessionStorage.getItem('shop') || '{"cart":[]}');
const state = load();
const cartId = () => state.cartId = state.cartId || crypto.randomUUID();
const keep = () => {
  sessionStorage.setItem('shop', JSON.stringify(state));
  document.getElementById('cart-count').textContent = state.cart.reduce((sum, line) => sum + line.quantity, 0);
  document.getElementById('account').textContent = state.email || 'Log in';
};
const total = () => state.cart.reduce((sum, { productId, quantity }) => sum + find(productId).price * quantity, 0);
const facts = ({ productId, name, price, category }) => ({ productId, name, price, category });

function show(moved) {
  const { title, markup, plant } = view(location.pathname.replace(/^\/demo/, ''), { ...state, total: total() });
  document.title = `${title} · Verdant`;
  main.innerHTML = markup;
  for (const link of document.querySelectorAll('nav a'))
    link.toggleAttribute('aria-current', link.pathname === location.pathname);
  if (moved) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  if (plant) lf('track', 'Product Viewed', facts(plant));
}

function go(path) {
  history.pushState(null, '', path);
  show(true);
}

function add(plant) {
  const line = state.cart.find(({ productId }) => productId === plant.productId);
  if (line) line.quantity++;
  else state.cart.push({ productId: plant.productId, quantity: 1 });
  lf('track', 'Product Added', { ...facts(plant), quantity: 1, cartId: cartId() });
  keep();
}

function remove(plant) {
  state.cart = state.cart.filter(({ productId }) => productId !== plant.productId);
  lf('track', 'Product Removed', { ...facts(plant), cartId: cartId() });
  keep();
  show();
}

function order({ name, email, company, employees, country }) {
  const account = { name: company, employees: Number(employees) };
  lf('identify', { name, email, country, company: account });
  lf('group', company.toLowerCase().replace(/[^a-z0-9]+/g, '-'), account);
  state.orderId = crypto.randomUUID().slice(0, 8);
  lf('track', 'Order Completed', {
    orderId: state.orderId, cartId: cartId(), total: total(), currency: 'EUR',
    products: state.cart.map(({ productId, quantity }) => ({ ...facts(find(productId)), quantity }))
  });
  state.cart = [];
  state.cartId = undefined;
  keep();
  go('/demo/thanks');
}

function logIn({ email }) {
  lf('identify', email.toLowerCase(), { email });
  state.email = email;
  keep();
  go('/demo');
}

const forms = {
  order,
  login: logIn
};

document.addEventListener('click', event => {
  const button = event.target.closest('button');
  const link = event.target.closest('a');
  if (button && button.dataset.add) {
    add(find(button.dataset.add));
    button.textContent = 'Added';
  } else if (button && button.dataset.remove) {
    remove(find(button.dataset.remove));
  } else if (link && link.origin === location.origin && link.pathname.startsWith('/demo') && !link.hash && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    go(link.pathname);
  }
});

document.addEventListener('submit', event => {
  event.preventDefault();
  forms[event.target.id](Object.fromEntries(new FormData(event.target)));
});

document.getElementById('new-visitor').addEventListener('click', () => {
  lf('reset');
  sessionStorage.removeItem('shop');
  location.assign('/demo');
});

addEventListener('popstate', () => show(true));
keep();
show(false);
