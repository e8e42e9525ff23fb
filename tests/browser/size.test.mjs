import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';

const source = readFileSync(new URL('../../web/tracker/lf.js', import.meta.url));

test('lf.js is at most 4 KiB gzipped as it stands', () => {
  const { length } = gzipSync(source, { level: 9 });
  assert.ok(length <= 4096, `${length} bytes`);
});

test('lf-content.js is at most 2 KiB gzipped as it stands', () => {
  const { length } = gzipSync(readFileSync(new URL('../../web/onsite/lf-content.js', import.meta.url)), { level: 9 });
  assert.ok(length <= 2048, `${length} bytes`);
});

test('form.js is at most 4,096 bytes minified, and uses no syntax newer than ES2018', async () => {
  const form = readFileSync(new URL('../../web/forms/form.js', import.meta.url)).toString();
  const [minified, old, newest] = await Promise.all([transform(form, { minify: true }), transform(form, { target: 'es2018' }), transform(form, { target: 'esnext' })]);
  assert.ok(Buffer.byteLength(minified.code) <= 4096, `${Buffer.byteLength(minified.code)} bytes`);
  assert.equal(old.code, newest.code);
});

test('What pages load beside forms uses no syntax newer than ES2017', async () => {
  for (const file of ['tracker/lf.js', 'onsite/lf-content.js', 'push/lf-push.js', 'push/lf-sw.js']) {
    const script = readFileSync(new URL(`../../web/${file}`, import.meta.url)).toString();
    const [old, newest] = await Promise.all(['es2017', 'esnext'].map(target => transform(script, { target })));
    assert.equal(old.code, newest.code, file);
  }
});

test('lf.js and the server take the same words for a yes', () => {
  const yes = new Function(`return ${/const yes = (.*);/.exec(source)[1]}`)();
  const server = readFileSync(new URL('../../functions/Conditions/Consent.cs', import.meta.url), 'utf8');
  const [agreed, refused] = ['Yes', 'No'].map(list => new RegExp(` ${list} = Words\\(([^;]*)\\);`).exec(server)[1].match(/"[^"]*"/g).map(word => JSON.parse(word)));

  assert.ok(agreed.length > 30 && refused.length > 30);
  assert.deepEqual(agreed.filter(word => !yes(word) || !yes(` ${word.toUpperCase()} `)), []);
  assert.deepEqual([...refused, 'perhaps', 'notgiven', 'yes and no', 2, 0, null, undefined, {}].filter(yes), []);
  assert.deepEqual([true, 1, 'Opt-In', 'opted_in', '"yes"', 'Opted in'].filter(answer => !yes(answer)), []);
});
