// Builds the dashboard into a folder: node build.mjs FOLDER. Types are checked beside; names of files hold hashes of their content; each is compressed as hard as it can be.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTypes } from './api-types.mjs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
const target = resolve(process.argv[2] || join(here, 'dist'));
// Put in place at once when it is whole: two builds may run beside each other, and the one that ends last stands.
const folder = `${target}.${process.pid}`;

/** Installs what the lock file pins, when something is missing or the lock file is newer. */
async function ensurePackages() {
  const packages = createRequire(import.meta.url)('../../local/azurite/packages.js');
  const modified = file => statSync(join(here, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (modified('package-lock.json') > modified('node_modules/.package-lock.json')) rmSync(join(here, 'node_modules/.package-lock.json'), { force: true });
  await packages.ensurePackages(here, () => console.log('Installing the packages of the dashboard…'));
}

function checkTypes() {
  return new Promise((done, fail) => {
    const tsc = spawn(process.execPath, [join(here, 'node_modules/typescript-native/bin/tsc'), '--noEmit', '--pretty', 'false'], { cwd: here });
    let said = '';
    for (const stream of [tsc.stdout, tsc.stderr]) stream.on('data', data => { said += data; });
    tsc.on('error', fail).on('close', code => code === 0 ? done() : fail(new Error(said.trim())));
  });
}

async function bundle() {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: [{ in: 'src/main.tsx', out: 'app' }, { in: 'src/style.css', out: 'style' }],
    outdir: join(folder, 'assets'), entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]',
    bundle: true, splitting: true, format: 'esm', target: ['es2022', 'safari17', 'chrome123', 'firefox121'], minify: true, metafile: true, legalComments: 'none',
    jsx: 'automatic', jsxImportSource: 'preact', define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'warning'
  });
  const output = entry => Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === entry)[0];
  const fileOf = path => path.split('/').pop();
  // What the program cannot begin without is asked for together with it, and not a round trip later.
  const needed = new Set();
  const need = path => metafile.outputs[path].imports.filter(({ kind, external }) => kind === 'import-statement' && !external).forEach(({ path }) => { if (!needed.has(path)) { needed.add(path); need(path); } });
  need(output('src/main.tsx'));
  const preloads = [...needed].map(path => `<link rel="modulepreload" href="/app/assets/${fileOf(path)}">\n  `).join('');
  writeFileSync(join(folder, 'index.html'), readFileSync(join(here, 'index.html'), 'utf8').replace('app.js', fileOf(output('src/main.tsx'))).replace('style.css', fileOf(output('src/style.css'))).replace('<script ', `${preloads}<script `));
}

function compress() {
  for (const name of readdirSync(folder, { recursive: true }).filter(name => /\.(js|css|html)$/.test(name))) {
    const content = readFileSync(join(folder, name));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
  }
}

try {
  await ensurePackages();
  mkdirSync(folder, { recursive: true });
  await writeTypes(join(here, '../../functions'), join(here, 'src/api/openapi.ts'));
  await Promise.all([checkTypes(), bundle()]);
  compress();
  rmSync(target, { recursive: true, force: true });
  try {
    renameSync(folder, target);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another build was quicker, with the same
  }
} catch (error) {
  // MSBuild shows lines of this form as errors; esbuild has said already what it found.
  console.error(error.errors ? 'dashboard : error : esbuild could not bundle web/dashboard.' : `dashboard : error : ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
