// Loaded before a program (`--import`): gives it one source file with the planted bug in it. That the text is there is
// checked as the file is loaded, and that the file was loaded at the end: a bug that was not planted catches nothing.
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { plantedNamed } from './planted.ts';

const { file, text, instead, bug } = plantedNamed(process.env['HALLPASS_PLANTED'] ?? '');
const url = new URL(`../../${file}`, import.meta.url).href;
let isPlanted = false;

registerHooks({
  load(asked, context, next) {
    const loaded = next(asked, context);
    if (asked !== url) return loaded;
    const source = String(loaded.source);
    const parts = source.split(text);
    if (parts.length !== 2)
      throw new Error(`"${bug}": the text to replace stands ${parts.length - 1} times in ${file}`);
    isPlanted = true;
    return { ...loaded, source: parts.join(instead) };
  },
});

process.on('exit', (code) => {
  if (isPlanted || code !== 0) return;
  process.stderr.write(`"${bug}" was never planted: ${pathToFileURL(file).href} was not loaded\n`);
  process.exitCode = 3;
});
