import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';

const source = readFileSync(new URL('../../web/tracker/lf.js', import.meta.url));

test('lf.js is at most 4 kB gzipped as it stands', () => {
  const { length } = gzipSync(source, { level: 9 });
  assert.ok(length <= 4000, `${length} bytes`);
});

test('lf.js uses no syntax newer than ES2017', async () => {
  const [old, newest] = await Promise.all(['es2017', 'esnext'].map(target => transform(source.toString(), { target })));
  assert.equal(old.code, newest.code);
});
