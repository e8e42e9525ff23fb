import type { ComponentChildren } from 'preact';
import type { Asked, LinkTo } from './counted';

/** A number that leads to those whom it counts; of nobody there is nothing to open. */
export const Who = ({ to, count, children, ...asked }: Asked & { to: LinkTo; count: number; children: ComponentChildren }) => to && count > 0 ? <a class="opens" href={to(asked)}>{children}</a> : <>{children}</>;
