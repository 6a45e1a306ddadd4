// The lock files are whole: a lock that lacks one platform's package makes `npm ci` refuse everywhere.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../..');

function packages(folder: string): [string, Entry][] {
  return Object.entries(JSON.parse(readFileSync(join(root, folder, 'package-lock.json'), 'utf8')).packages);
}

describe.each(['.', 'scripts/runtime'])('the lock of %s', (folder) => {
  const entries = packages(folder);
  const paths = new Set(entries.map(([path]) => path));

  it('holds every optional package of every platform (else: node scripts/complete-lock.mjs)', () => {
    const wanted = entries.flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ path, name })),
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(
      wanted.filter(
        ({ path, name }) => !paths.has(`${path}/node_modules/${name}`) && !paths.has(`node_modules/${name}`),
      ),
    ).toEqual([]);
  });

  it('pins what it installs by version and checksum, and names no registry', () => {
    const installed = entries.filter(([path]) => path !== '');
    expect(installed.filter(([, { version }]) => !version).map(([path]) => path)).toEqual([]);
    expect(installed.filter(([, { integrity, optional }]) => !integrity && !optional).map(([path]) => path)).toEqual(
      [],
    );
    expect(installed.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
  });
});
