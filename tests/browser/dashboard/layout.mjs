// Whether a page has room for what it says: in a language that takes two fifths more than English, which nobody speaks and only tests serve.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../../../web/dashboard/src/words/', import.meta.url));

/** Each word with its beginning once more: long words are what does not fit, and what is named after a button still begins as it does. Names to be filled in stay. */
const longer = text => text.replace(/\{\w+\}|\p{L}+/gu, word => word.startsWith('{') ? word : word + word.slice(0, Math.ceil(word.length * 0.4)));

/** Has a page speak it: whoever asks for German gets it instead. */
export async function speakLonger(page) {
  const { outputFiles: [{ text }] } = await build({ entryPoints: [`${folder}en.ts`], bundle: true, format: 'esm', write: false, logLevel: 'silent' });
  const { en } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  const words = Object.fromEntries(Object.entries(en).map(([key, text]) => [key, typeof text === 'string' ? longer(text) : Object.fromEntries(Object.entries(text).map(([form, text]) => [form, longer(text)]))]));
  await page.route(/\/app\/assets\/de-\w+\.js$/, route => route.fulfill({ contentType: 'text/javascript', body: `export const words = ${JSON.stringify(words)};` }));
}

/** In the page: what is wider than its place without scrolling there, what is cut, and what is too small to be hit. What ends in an ellipsis by design is whole elsewhere. */
export function crowded() {
  const called = element => `${element.tagName.toLowerCase()}${[...element.classList].map(name => `.${name}`).join('')} “${(element.textContent || element.getAttribute('aria-label') || '').trim().slice(0, 40)}”`;
  const faults = [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`the page is ${document.documentElement.scrollWidth - innerWidth} px too wide`);
  for (const element of document.body.querySelectorAll('*')) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('svg, .hidden, .spelt, .skip')) continue;
    const { display, overflowX, overflowY, textOverflow } = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (element.matches('button, select, summary, textarea, input:not([type=hidden]), nav a, .tabs a, .button, [role=option]') && (box.width < 24 || box.height < 24) && !element.closest('label')) faults.push(`${called(element)} is ${Math.round(box.width)} × ${Math.round(box.height)} px`);
    if (display === 'inline' || element.matches('select, input, textarea, meter, iframe')) continue;
    const [tooWide, tooHigh] = [element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight];
    if (tooWide > 1 && !/auto|scroll/.test(overflowX) && textOverflow !== 'ellipsis') faults.push(`${called(element)} has ${tooWide} px that stick out`);
    if (tooHigh > 1 && /hidden|clip/.test(overflowY) && textOverflow !== 'ellipsis') faults.push(`${called(element)} has ${tooHigh} px cut off`);
  }
  return faults;
}
