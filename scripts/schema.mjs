// Writes hallpass.schema.json, by which editors complete and explain hallpass.yaml. Run it after a change to the
// configuration or to an adapter's settings: npm run schema. A test fails while the file is not current.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '../dist/config/json-schema.js';
import { adapters } from '../dist/grants/registry.js';
import { pagers } from '../dist/pagers/registry.js';

const file = fileURLToPath(new URL('../hallpass.schema.json', import.meta.url));
const formatter = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url));
writeFileSync(file, `${JSON.stringify(configJsonSchema(adapters, pagers), null, 2)}\n`);
const formatted = spawnSync(process.execPath, [formatter, 'format', '--write', file], { stdio: ['ignore', 2, 2] });
process.exitCode = formatted.status ?? 1;
