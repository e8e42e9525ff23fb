import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

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

test('What the dashboard loads first is at most 60 KB, compressed as it is served, and its code view at most 130 KB', () => {
  const folder = new URL(`../../functions/bin/${process.env.LEADFUNCTIONS_CONFIGURATION || 'Debug'}/net10.0/web/dashboard/`, import.meta.url);
  const read = path => readFileSync(new URL(path, folder));
  // The page, what it names, and what that imports at once.
  const named = text => [...text.matchAll(/(?:\/app\/assets\/|from"\.\/|import"\.\/)([\w-]+\.(?:js|css))/g)].map(match => match[1]);
  const [first, queue] = [new Set(), named(read('index.html').toString())];
  for (let name = queue.pop(); name; name = queue.pop()) {
    if (first.has(name)) continue;
    first.add(name);
    queue.push(...named(read(`assets/${name}`).toString()));
  }
  const sizes = ['index.html', ...[...first].map(name => `assets/${name}`)].map(name => read(`${name}.br`).length);
  assert.ok(sizes.length >= 3 && sizes.length <= 8 && sizes.reduce((sum, size) => sum + size, 0) <= 60_000, `${[...first]}: ${sizes}`);

  // The code view is a file of its own, which nothing of that names.
  const editors = readdirSync(new URL('assets/', folder)).filter(name => /^editor-.*\.js$/.test(name));
  assert.equal(editors.length, 1);
  assert.ok(!first.has(editors[0]) && read(`assets/${editors[0]}.br`).length <= 130_000, `${editors[0]}: ${read(`assets/${editors[0]}.br`).length}`);
});

test('Every language of the dashboard has every text, with its names and in each plural form that it has', async () => {
  const folder = new URL('../../web/dashboard/src/words/', import.meta.url);
  const load = async name => {
    const { outputFiles: [{ text }] } = await build({ entryPoints: [new URL(`${name}.ts`, folder).pathname], bundle: true, format: 'esm', write: false, logLevel: 'silent' });
    return import(`data:text/javascript,${encodeURIComponent(text)}`);
  };
  const { en } = await load('en');
  const forms = text => typeof text === 'string' ? { all: text } : text;
  const names = text => [...new Set([...Object.values(forms(text)).join(' ').matchAll(/\{(\w+)\}/g)].map(match => match[1]))].sort().join();
  const languages = readdirSync(folder).map(file => file.slice(0, -3)).filter(name => name !== 'en' && name !== 'words');
  assert.ok(languages.length > 0);
  for (const language of ['en', ...languages]) {
    const words = language === 'en' ? en : (await load(language)).words;
    assert.deepEqual(Object.keys(words).sort(), Object.keys(en).sort(), language);
    // Numbers of the interface are whole: a form that only fractions have need not be there.
    const plurals = new Set(Array.from({ length: 200 }, (_, count) => new Intl.PluralRules(language).select(count)));
    for (const [key, text] of Object.entries(words)) {
      assert.equal(names(text), names(en[key]), `${language} ${key}`);
      assert.equal(typeof text, typeof en[key], `${language} ${key}`);
      if (typeof text !== 'string') assert.deepEqual([...plurals].filter(form => !text[form]), [], `${language} ${key}`);
    }
  }
});
