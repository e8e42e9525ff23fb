// The npm packages of a folder, as its lock file pins them, installed when they are missing: node packages.js FOLDER, or from run.js.
'use strict';
const { spawn } = require('node:child_process');
const { existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Installs them once, however many processes ask: two may begin together on a fresh machine. */
async function ensurePackages(folder, starting) {
  // npm writes this file last: without it an installation was interrupted.
  const complete = join(folder, 'node_modules', '.package-lock.json');
  const turn = join(folder, 'node_modules.lock');
  while (!existsSync(complete)) {
    if (!takeTurn(turn)) {
      await pause(200);
      continue;
    }
    try {
      if (!existsSync(complete)) {
        starting();
        await install(folder);
      }
    } finally {
      rmSync(turn, { force: true });
    }
  }
}

/** A turn belongs to the process that its file names, while that lives. */
function takeTurn(turn) {
  try {
    writeFileSync(turn, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    process.kill(Number(readFileSync(turn)), 0);
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(turn, { force: true });
  }
  return false;
}

async function install(folder) {
  // A registry that lacks optional packages for other platforms makes `ci` call the lock file incomplete; `install` keeps to the same lock file.
  const refused = await npm(folder, 'ci') && await npm(folder, 'install', '--no-save');
  if (refused) throw new Error(`npm could not install the packages of ${folder}:\n${refused}`);
}

/** What npm said when it failed; null when it did not. */
function npm(folder, ...args) {
  return new Promise((done, fail) => {
    const child = spawn('npm', [...args, ...quiet], { cwd: folder, shell: process.platform === 'win32' });
    const end = () => child.kill();
    process.once('exit', end);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { said += data; });
    child.on('error', fail).on('close', (code) => {
      process.off('exit', end);
      done(code === 0 ? null : said.trim() || `npm ended with code ${code}.`);
    });
  });
}

module.exports = { ensurePackages };

if (require.main === module) {
  const folder = resolve(process.argv[2]);
  ensurePackages(folder, () => console.log(`Installing the npm packages of ${folder}…`)).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
