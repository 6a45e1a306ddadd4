// The schema that editors use agrees with the reader: it takes what the reader takes, and is the one that is written down.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema, type Shape } from '../../src/config/json-schema.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { adapters } from '../../src/grants/registry.ts';
import { pagers } from '../../src/pagers/registry.ts';
import { ADAPTERS, changed, ENVIRONMENT, PAGERS, SHORT, sourceOf } from './sources.ts';

function fileAt(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

const ALARMS =
  'alarms:\n  - { pager: pagerduty, name: oncall, key: $PAGERDUTY_KEY }\n  - { pager: smtp, to: [a@acme.test] }\n';
const example = fileAt('hallpass.example.yaml');
// Strict: a keyword that validators do not know would be a mistake of ours.
const ajv = new Ajv.default({ strict: true, strictTypes: false, validateFormats: false });
const takes = ajv.compile(configJsonSchema(ADAPTERS, PAGERS));

/** Places of keys without a description, below a shape; the parts of an example's data are no keys. */
function undescribed(shape: Shape, path: string): readonly string[] {
  const forms = [shape, ...(shape.anyOf ?? [])];
  return forms.flatMap((form) => [
    ...Object.entries(form.properties ?? {}).flatMap(([key, part]) => [
      ...(part.description === undefined ? [`${path}${key}`] : []),
      ...undescribed(part, `${path}${key}.`),
    ]),
    ...(typeof form.additionalProperties === 'object' ? undescribed(form.additionalProperties, `${path}*.`) : []),
    ...(form.items === undefined ? [] : undescribed(form.items, `${path}[].`)),
  ]);
}

describe('the JSON schema', () => {
  it('is the one in hallpass.schema.json; if not, run npm run schema', () => {
    const current = JSON.parse(JSON.stringify(configJsonSchema(adapters, pagers)));
    expect(JSON.parse(fileAt('hallpass.schema.json'))).toEqual(current);
  });

  it('is named by the example', () => {
    expect(example.split('\n')[0]).toBe('# yaml-language-server: $schema=./hallpass.schema.json');
  });

  it('explains every key of the file', () => {
    expect(undescribed(configJsonSchema([], []), '')).toEqual([]);
  });

  it('takes the example, which the reader takes with the adapters there are', () => {
    const real = new Ajv.default({ strict: false }).compile(configJsonSchema(adapters, pagers));
    expect(real(parse(example)) || real.errors).toBe(true);
    const env = { ...ENVIRONMENT };
    expect(readConfig(sourceOf(example, { adapters, pagers, env }))).toMatchObject({
      ok: true,
      config: { warnings: [] },
    });
  });

  it('takes what the reader takes, references in targets included', () => {
    const references = changed(['people: "{mail.local}"', 'people: $PEOPLE\n    replicas: [$FIRST]']);
    const more = `${changed(['adapter: postgres', 'adapter: postgres\n    owner: dbas'])}${ALARMS}`;
    for (const text of [SHORT, references, more]) expect(takes(parse(text)) || takes.errors).toBe(true);
    expect(takes(parse(changed(['who: [engineers]', 'who: [engineers]\n    risk: $RISK'])))).toBe(false);
  });

  it.each([
    ['an unknown pager', `${SHORT}alarms: [{ pager: pigeon }]\n`],
    ['a mistyped key of a pager', `${SHORT}alarms: [{ pager: pagerduty, kee: $PAGERDUTY_KEY }]\n`],
    ['the settings of another pager', `${SHORT}alarms: [{ pager: pagerduty, to: [a@acme.test] }]\n`],
    ['a pager with a name in capitals', `${SHORT}alarms: [{ pager: smtp, name: OnCall, to: [a@acme.test] }]\n`],
    ['a key too many', changed(['    who:', '    colour: red\n    who:'])],
    ['a key too few', changed(['organization: acme\n', ''])],
    ['a mistyped key of a target', changed(['    people:', '    peeple:'])],
    ['the settings of another adapter', changed(['adapter: postgres', 'adapter: webhook'])],
    ['an unknown adapter', changed(['adapter: postgres', 'adapter: oracle'])],
    ['a grant of no adapter', changed(['role: readonly', 'group: readonly'])],
    ['a name in capitals', changed(['  readonly:', '  ReadOnly:'])],
    ['a channel by name', changed(['slack:C0AUDIT', '"#audit"'])],
    ['a number for a duration', changed(['max: 4h', 'max: 4'])],
    ['an empty list', changed(['who: [engineers]', 'who: []'])],
    ['no approvals needed', changed(['from: [dbas]', 'from: [dbas], count: 0'])],
  ])('refuses %s, as the reader does', (_, text) => {
    expect(takes(parse(text))).toBe(false);
    expect(readConfig(sourceOf(text)).ok).toBe(false);
  });
});
