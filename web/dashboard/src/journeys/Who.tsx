import type { ComponentChildren } from 'preact';
import { Opens } from '../parts/Opens';
import type { Asked, LinkTo } from './counted';

/** A number of the journey that leads to those whom it counts. */
export const Who = ({ to, count, children, ...asked }: Asked & { to: LinkTo; count: number; children: ComponentChildren }) => <Opens count={count} href={to?.(asked)}>{children}</Opens>;
