// A mail as its reader sees it, in a frame where no script runs. The page's policy refuses styles that stand in HTML and pictures from elsewhere, and holds in the frame too: styles are put in from outside, pictures show what they are called.
import { useEffect, useRef } from 'preact/hooks';

declare const trustedTypes: { createPolicy(name: string, rules: { createHTML: (text: string) => string }): { createHTML(text: string): string } } | undefined;

/** The one name that the page's policy allows: nothing but this frame takes HTML that was not made here, and a parser runs none of it. */
let policy: { createHTML(text: string): string } | undefined;

/** Styles under other names: the policy is asked already as a parser meets them. */
const put = 'data-lf-style', sheet = 'lf-style';
const withoutStyles = (html: string) => html.replace(/<(\/?)style\b/gi, `<$1${sheet}`).replace(/<[a-z][^>]*>/gi, tag => tag.replace(/\sstyle(\s*=)/gi, ` ${put}$1`));

function parse(html: string) {
  if (typeof trustedTypes !== 'undefined') policy ??= trustedTypes.createPolicy('lf-mail', { createHTML: text => text });
  const text = withoutStyles(html);
  return new DOMParser().parseFromString(policy?.createHTML(text) ?? text, 'text/html');
}

const withoutAddresses = (css: string) => css.replace(/url\([^)]*\)|@import[^;]*;?/gi, '');

export function MailFrame({ html, title }: { html: string; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const { contentDocument: target, contentWindow } = frame.current!; // it is drawn, and of this origin
    if (!target || !contentWindow) return;
    const mail = parse(html);
    const sheets = [...mail.querySelectorAll(sheet)].map(style => style.textContent ?? '');
    for (const gone of mail.querySelectorAll(`script, ${sheet}, link, meta, base, iframe, object, embed, form`)) gone.remove();
    for (const picture of mail.querySelectorAll('img, source')) for (const name of ['src', 'srcset']) picture.removeAttribute(name);
    for (const link of mail.querySelectorAll('a[href]')) link.removeAttribute('href'); // in the frame they would lead nowhere
    for (const element of mail.querySelectorAll('[background]')) element.removeAttribute('background');
    const styled = [mail.body, ...mail.body.querySelectorAll(`[${put}]`)].map(element => [element as HTMLElement, element.getAttribute(put)] as const);
    for (const [element] of styled) element.removeAttribute(put);
    target.documentElement.lang = mail.documentElement.lang;
    target.body.replaceWith(target.adoptNode(mail.body));
    for (const [element, style] of styled) if (style) element.style.cssText = withoutAddresses(style);
    const { CSSStyleSheet: Sheet } = contentWindow as Window & typeof globalThis;
    target.adoptedStyleSheets = sheets.map(text => {
      const made = new Sheet();
      made.replaceSync(withoutAddresses(text));
      return made;
    });
  }, [html]);
  return <iframe ref={frame} class="mail" title={title} sandbox="allow-same-origin" />;
}
