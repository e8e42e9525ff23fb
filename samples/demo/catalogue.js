// What the shop sells, and a template tag that escapes what it is given.
export const plants = [
  { productId: 'p1', name: 'Monstera', price: 89, category: 'Large', text: 'Wide leaves for the corner that nobody claims.', hue: 140 },
  { productId: 'p2', name: 'Snake plant', price: 45, category: 'Hardy', text: 'Lives on neglect and fluorescent light.', hue: 90 },
  { productId: 'p3', name: 'Fiddle-leaf fig', price: 120, category: 'Large', text: 'A tree, politely.', hue: 115 },
  { productId: 'p4', name: 'Pothos', price: 25, category: 'Hanging', text: 'Grows along any shelf, then along the next.', hue: 75 },
  { productId: 'p5', name: 'Peace lily', price: 38, category: 'Flowering', text: 'Tells you when it is thirsty.', hue: 160 },
  { productId: 'p6', name: 'ZZ plant', price: 55, category: 'Hardy', text: 'Shines like polished shoes.', hue: 125 },
  { productId: 'p7', name: 'Olive tree', price: 210, category: 'Large', text: 'For lobbies with a south window.', hue: 65 },
  { productId: 'p8', name: 'Boston fern', price: 32, category: 'Hanging', text: 'A soft green cloud for meeting rooms.', hue: 105 }
];

export const plans = [
  { name: 'Sprout', price: 29, text: 'Up to 10 plants, a visit a month.' },
  { name: 'Grove', price: 89, text: 'Up to 50 plants, a visit a week, free replacements.' },
  { name: 'Forest', price: 249, text: 'Whole buildings, with a gardener of your own.' }
];

export const find = productId => plants.find(plant => plant.productId === productId);

export const money = amount => `€${amount.toFixed(2).replace(/\.00$/, '')}`;

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = value => value instanceof Markup ? value : Array.isArray(value) ? value.map(escape).join('')
  : String(value === undefined || value === null ? '' : value).replace(/[&<>"']/g, character => entities[character]);

class Markup {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

export const html = (parts, ...values) => new Markup(String.raw({ raw: parts }, ...values.map(escape)));
