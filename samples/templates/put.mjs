// Joins the parts of templates, saves and publishes them: node put.mjs [--show] [NAME…]. Without a name all of them; --show only joins one.
import { readdirSync, readFileSync } from 'node:fs';

const { HOST: host = 'http://localhost:7071', KEY: key = 'local-admin-key' } = process.env;
const read = file => readFileSync(new URL(file, import.meta.url), 'utf8');
const shows = process.argv[2] === '--show';
const asked = process.argv.slice(shows ? 3 : 2);
const names = asked.length ? asked : readdirSync(new URL('.', import.meta.url)).filter(file => file.endsWith('.json')).map(file => file.slice(0, -'.json'.length));

const joined = (name, language) => read('layout.html')
  .replace('<!-- content -->\n', () => read(`${name}.${language}.html`))
  .replace('<!-- foot -->\n', () => read(`foot.${language}.html`));

const documentOf = name => {
  const document = JSON.parse(read(`${name}.json`));
  document.html = joined(name, 'en');
  document.locales.pl.html = joined(name, 'pl');
  return document;
};

const send = async (method, path, body) => {
  const answer = await fetch(host + path, { method, headers: { Authorization: `Bearer ${key}` }, body });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.text();
};

for (const name of names) {
  const text = JSON.stringify(documentOf(name), null, 2);
  if (shows) {
    console.log(text);
  } else {
    await send('PUT', `/api/templates/${name}`, text);
    console.log(await send('POST', `/api/templates/${name}/publish`));
  }
}
