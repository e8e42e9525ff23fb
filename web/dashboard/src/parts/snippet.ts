/** What a site puts into its pages, with a write key. */
export const snippet = (key: string) =>
  `<script>window.lf=window.lf||function(){(lf.q=lf.q||[]).push(arguments)}</script>\n<script async src="${location.origin}/lf.js" data-key="${key}"></script>`;
