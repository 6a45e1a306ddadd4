// The source tree keeps its laws, and each law is seen to catch what it is there for.
import { describe, expect, it } from 'vitest';
import { LONG, MAX_LINES } from './architecture/allowed.ts';
import { inSrc, LAWS, type Law, opening } from './architecture/laws.ts';
import { ADAPTER_KIND, adapterFaults, RULE_KIND, registryFaults } from './architecture/registry.ts';
import { code, imports, read, type Source } from './architecture/source.ts';

const src = read('src');
const tests = read('test');
const oneForEachCheck = [...new Map(LAWS.map((law) => [law.check, law])).values()];

function faults(law: Law): string[] {
  const files = src.filter(({ path }) => path.endsWith('.ts'));
  return files.flatMap((source) => law.check(source).map((fault) => `${source.path}: ${fault}`));
}

describe('the source tree', () => {
  it.each(oneForEachCheck)('$check.name: none', (law) => {
    expect(faults(law)).toEqual([]);
  });

  it('every file opens with what it is for', () => {
    const files = [...src, ...tests, ...read('scripts')].filter(({ path }) => /\.(ts|js|mjs|cjs|css)$/.test(path));
    expect(files.filter((source) => opening(source).length > 0).map(({ path }) => path)).toEqual([]);
  });

  it.each([
    ['src/grants', ADAPTER_KIND, /\.ts$/],
    ['src/pagers', ADAPTER_KIND, /\.ts$/],
    ['src/sinks', ADAPTER_KIND, /\.ts$/],
    ['src/signals', ADAPTER_KIND, /\.ts$/],
    ['src/core/policy', RULE_KIND, /^index\.ts$/],
  ])('%s: folder = registry', (folder, kindOf, registry) => {
    expect(registryFaults(src, folder, kindOf, registry)).toEqual([]);
  });

  it.each(['grants', 'pagers'])('every kind of %s has its entry, its page and its test', (family) => {
    expect(adapterFaults(family, src, tests)).toEqual([]);
  });

  it('allows length only where it is needed', () => {
    const needed = src
      .filter(({ text }) => text.trimEnd().split('\n').length > MAX_LINES)
      .map(({ path }) => inSrc(path));
    expect(Object.keys(LONG).filter((path) => !needed.includes(path))).toEqual([]);
  });
});

describe('a breach is seen', () => {
  it.each(LAWS)('$name', ({ check, broken: [path, text] }) => {
    expect(check({ path, text })).toHaveLength(1);
  });

  it('but not in a comment', () => {
    const text = "// new Date()\n/* import 'pg' */\nconst at = 'https://acme.test'; // setTimeout(x)";
    expect(code({ path: 'src/a.ts', text }).trim()).toBe("const at = 'https://acme.test';");
  });

  it('in every form of import', () => {
    const text =
      "import 'a';\nimport b, {\n  type c,\n} from 'b';\nexport * from 'c';\nimport type { D } from 'd';\nawait import('e');\nrequireHere('f');\nconst from = 'g';";
    expect(imports({ path: 'src/a.ts', text }).map(({ from, kind }) => `${from} ${kind}`)).toEqual([
      'a static',
      'b static',
      'c static',
      'd type',
      'e late',
      'f late',
    ]);
  });

  it('when a folder and its registry differ, either way', () => {
    const file = (path: string, text = ''): Source => ({ path, text });
    const registry = file(
      'src/grants/all.ts',
      "import { a } from './a/index.ts';\nconst b = () => import('./b/index.ts');",
    );
    const check = (...sources: Source[]) => registryFaults(sources, 'src/grants', ADAPTER_KIND, /\.ts$/);
    expect(check(registry, file('src/grants/a/index.ts'), file('src/grants/b/api.ts'))).toEqual([]);
    expect(check(registry, file('src/grants/a/index.ts'))).toEqual(['src/grants: b is in the registry alone']);
    expect(check(file('src/main.ts'), file('src/grants/a/x.ts'))).toEqual(['src/grants: a is not in the registry']);
    expect(adapterFaults('grants', [file('src/grants/a/index.ts')], [])).toEqual([
      'src/grants/a lacks README.md',
      'src/grants/a lacks a test',
    ]);
  });
});
