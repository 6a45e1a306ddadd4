// Any documents at all, for properties: with every kind of span, and with texts that nobody would write on purpose.
import fc from 'fast-check';
import type { Button, ButtonAction, Card, Field, Form, Home, Note, Rich, Span } from '../../../src/ports/document.ts';
import { HOSTILE } from '../../contracts/hostile-texts.ts';
import { ANA, TEAM } from './rig.ts';

const ACTIONS: readonly ButtonAction[] = [
  'approve',
  'deny',
  'details',
  'withdraw',
  'return',
  'extend',
  'ask',
  'revoke',
  'show',
];

/** Short, long, empty, hostile, made of anything. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom('<', '>', '&', ';', '|', '!', '@', '`', '*', '\n', ' ', 'a', '\u202E') }),
  fc.integer({ min: 0, max: 6_000 }).map((length) => 'word '.repeat(length / 5)),
  fc.integer({ min: 0, max: 4_000 }).map((length) => '&'.repeat(length)),
);
const short = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 90 }));

const span: fc.Arbitrary<Span> = fc.oneof(
  text,
  text.map((strong) => ({ strong })),
  text.map((code) => ({ code })),
  fc.record({
    name: text,
    person: fc.constantFrom(
      undefined,
      { platform: 'slack', tenant: TEAM, user: ANA },
      { platform: 'slack', tenant: 'T0OTHER', user: ANA },
      { platform: 'slack', tenant: TEAM, user: 'U1><!channel' },
      { platform: 'teams', tenant: 'x', user: 'U0ANA' },
    ),
  }),
  fc.record({ time: fc.integer({ min: 0, max: 4_000_000_000_000 }), show: fc.constantFrom('time', 'date_time') }),
);
const rich: fc.Arbitrary<Rich> = fc.array(span, { maxLength: 5 });

const button: fc.Arbitrary<Button> = fc.record(
  {
    action: fc.constantFrom(...ACTIONS),
    label: short,
    value: fc.string({ maxLength: 200 }),
    style: fc.constantFrom('primary', 'danger', 'plain'),
    confirm: fc.record({ title: text, text, yes: short, no: short }),
  },
  { requiredKeys: ['action', 'label', 'value', 'style'] },
);
const buttons = fc.array(button, { maxLength: 6 });
const tone = fc.constantFrom('waiting', 'good', 'bad', 'ended', 'alarm', 'plain');

export const card: fc.Arbitrary<Card> = fc.record(
  {
    kind: fc.constant('card'),
    title: text,
    tone,
    status: rich,
    facts: fc.array(fc.record({ label: short, value: rich }), { maxLength: 14 }),
    quote: fc.record({ label: short, text }),
    notes: fc.array(rich, { maxLength: 4 }),
    buttons,
  },
  { requiredKeys: ['kind', 'title', 'tone', 'status', 'facts', 'notes', 'buttons'] },
);

export const note: fc.Arbitrary<Note> = fc.record(
  { kind: fc.constant('note'), tone, lines: fc.array(rich, { maxLength: 6 }), quote: text, buttons, mark: short },
  { requiredKeys: ['kind', 'tone', 'lines'] },
);

export const home: fc.Arbitrary<Home> = fc.record({
  intro: fc.array(rich, { maxLength: 3 }),
  buttons,
  sections: fc.array(
    fc.record({
      title: short,
      empty: text,
      items: fc.array(fc.record({ lines: fc.array(rich, { maxLength: 3 }), buttons }), { maxLength: 60 }),
    }),
    { maxLength: 3 },
  ),
});

const option = fc.record(
  { value: fc.string({ minLength: 1, maxLength: 75 }), label: short, description: short },
  { requiredKeys: ['value', 'label'] },
);
const options = fc.uniqueArray(option, { maxLength: 140, selector: ({ value }) => value });
const common = { label: short, hint: short, optional: fc.boolean() };

const field: fc.Arbitrary<Field> = fc.oneof(
  fc.record(
    {
      type: fc.constant('text'),
      name: fc.constant('x'),
      multiline: fc.boolean(),
      maxLength: fc.integer({ min: 1, max: 9_000 }),
      initial: text,
      placeholder: short,
      ...common,
    },
    { requiredKeys: ['type', 'name', 'label', 'multiline', 'maxLength'] },
  ),
  fc.record(
    {
      type: fc.constant('choice'),
      name: fc.constant('x'),
      options,
      initial: fc.string(),
      redraws: fc.boolean(),
      ...common,
    },
    { requiredKeys: ['type', 'name', 'label', 'options'] },
  ),
  fc.record(
    { type: fc.constant('search'), name: fc.constant('x'), initial: option, redraws: fc.boolean(), ...common },
    { requiredKeys: ['type', 'name', 'label'] },
  ),
);

export const form: fc.Arbitrary<Form> = fc.record({
  kind: fc.constant('form'),
  id: fc.constantFrom('request', 'deny', 'extend', 'details', 'comment'),
  title: text,
  submit: short,
  context: fc.string({ maxLength: 1_000 }),
  intro: fc.array(rich, { maxLength: 3 }),
  fields: fc
    .array(field, { maxLength: 6 })
    .map((fields) => fields.map((one, index) => ({ ...one, name: `field${index}` }))),
});
