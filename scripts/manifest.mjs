// Writes manifest/slack.json (Socket Mode, the quick start) and manifest/slack-http.json from their one source,
// src/chat/slack/manifest.ts. Run it after a change there: npm run manifest. A test fails while a file is not current.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MANIFESTS } from '../dist/chat/slack/manifest.js';

const folder = new URL('../manifest/', import.meta.url);
for (const [name, content] of Object.entries(MANIFESTS))
  writeFileSync(new URL(name, folder), `${JSON.stringify(content, null, 2)}\n`);
const formatter = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url));
const formatted = spawnSync(process.execPath, [formatter, 'format', '--write', fileURLToPath(folder)], {
  stdio: ['ignore', 2, 2],
});
process.exitCode = formatted.status ?? 1;
