import type { ComponentChildren } from 'preact';

/** A number that leads to exactly those whom it counts; of nobody there is nothing to open. @param label What it is, where the number alone does not say. */
export const Opens = ({ count, href, label, children }: { count: number; href?: string; label?: string; children: ComponentChildren }) =>
  href && count > 0 ? <a class="opens" href={href} aria-label={label}>{children}</a> : <>{children}</>;
