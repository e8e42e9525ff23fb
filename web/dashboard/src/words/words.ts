// Texts by key, in the browser's language where there are words for it. English is always there; others are files of their own, loaded when needed.
import { signal } from '@preact/signals';
import { en } from './en';

export type Key = keyof typeof en;
/** One text, or one for each plural form that the language has (Intl.PluralRules): the one for `count`. */
export type Text = string | Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Words = Partial<Record<Key, Text>>;

const others: Record<string, () => Promise<{ words: Words }>> = {
  de: () => import('./de'), pl: () => import('./pl'), ru: () => import('./ru'), sl: () => import('./sl')
};

/** Of the texts; and in which numbers and times are written, with the region where the browser says one. */
export const language = signal('en');
export const region = signal('en');
const words = signal<Words>(en);

export async function chooseLanguage() {
  const asked = new URLSearchParams(location.search).get('lang');
  const wanted = [asked, ...navigator.languages].map(tag => tag?.split('-')[0] ?? '').find(tag => tag === 'en' || tag in others) ?? 'en';
  if (wanted !== 'en') words.value = (await others[wanted]!()).words; // found above
  language.value = wanted;
  region.value = navigator.languages.find(tag => tag.split('-')[0] === wanted) ?? wanted;
  document.documentElement.lang = wanted;
}

const values = (text: string, with_: Record<string, string | number>) => text.replace(/\{(\w+)\}/g, (_, name) => {
  const value = with_[name] ?? '';
  return typeof value === 'number' ? number(value) : value;
});

/** The text of a key, its {names} filled in; `count` chooses the plural form. */
export function t(key: Key, with_: Record<string, string | number> = {}): string {
  const text: Text = words.value[key] ?? en[key];
  if (typeof text === 'string') return values(text, with_);
  const form = new Intl.PluralRules(language.value).select(Number(with_.count));
  return values(text[form] ?? text.other, with_);
}

/** As `t`, for a key that is put together; the fallback where there is no such key. */
export const tOr = (key: string, fallback: string) => key in en ? t(key as Key) : fallback;

export const number = (value: number, most = 2) => new Intl.NumberFormat(region.value, { maximumFractionDigits: most }).format(value);
/** A share, with the sign as the language writes it. */
export const percent = (share: number, most = 1) => new Intl.NumberFormat(region.value, { style: 'percent', maximumFractionDigits: most }).format(share);
/** With its sign, and a real minus. */
export const signed = (value: number, most = 2) => new Intl.NumberFormat(region.value, { maximumFractionDigits: most, signDisplay: 'exceptZero' }).format(value);
