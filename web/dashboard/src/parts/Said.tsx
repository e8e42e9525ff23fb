import type { ComponentChildren } from 'preact';

/** Words of the server, which are English: read aloud as such, whatever language the page has. */
export const Said = ({ children }: { children: ComponentChildren }) => <span lang="en">{children}</span>;
