// Types of what the API answers, made of the parts that /api/openapi.json is put together from: functions/*/openapi.json. Written to src/api/openapi.ts, which is never committed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const common = 'Operations';

/** As OpenApiDocument does, less what only people read: common errors, tags. A test holds the two against each other. */
export function readApi(functions) {
  const parts = readdirSync(functions).map(slice => [slice, join(functions, slice, 'openapi.json')]).filter(([, file]) => existsSync(file)).map(([slice, file]) => [slice, JSON.parse(readFileSync(file, 'utf8'))]);
  const document = Object.fromEntries(parts)[common];
  for (const [slice, part] of parts) {
    if (slice === common) continue;
    for (const [from, to] of [[part.paths, document.paths], [part.components?.schemas, document.components.schemas], [part.components?.parameters, document.components.parameters]]) {
      for (const [name, value] of Object.entries(from ?? {})) {
        if (name in to) throw new Error(`${slice} describes ${name} a second time.`);
        to[name] = value;
      }
    }
  }
  return document;
}

export async function writeTypes(functions, file) {
  const { default: generate, astToString } = await import('openapi-typescript');
  const text = `// Made by api-types.mjs of functions/*/openapi.json; change those.\n${astToString(await generate(readApi(functions), { silent: true, defaultNonNullable: false }))}`;
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
