// What is drawn is what Slack takes, whatever the document says, and nothing anybody wrote is more than text in it.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderForm } from '../../../src/chat/slack/form.ts';
import { renderHome, renderMessage } from '../../../src/chat/slack/render.ts';
import { messageBlockProblems, textLength, viewProblems } from '../../../src/local/slack/block-kit.ts';
import { ChatError } from '../../../src/ports/chat-platform.ts';
import type { Button, Card, Form, Home, Note } from '../../../src/ports/document.ts';
import { HOSTILE } from '../../contracts/hostile-texts.ts';
import * as any from './documents.ts';
import { ANA, TEAM } from './rig.ts';
import { markupIn, textIn } from './shown.ts';

const us = { teamId: TEAM };
const RUNS = { numRuns: 1_000 };

const APPROVE: Button = { action: 'approve', label: 'Approve', value: 'rq_1.1.abc', style: 'primary' };
const CARD: Card = {
  kind: 'card',
  title: 'Ana Nowak asks for Read production data',
  tone: 'waiting',
  status: ['Waiting for ', { strong: '1 of dbas' }],
  facts: [
    { label: 'Who', value: [{ person: { platform: 'slack', tenant: TEAM, user: ANA }, name: 'Ana Nowak' }] },
    { label: 'Role', value: [{ code: 'prod-db-readonly' }] },
    { label: 'For', value: ['2 h'] },
    { label: 'Lapses', value: [{ time: 1_767_225_600_000, show: 'date_time' }] },
  ],
  quote: { label: 'Reason', text: 'fix INC-42' },
  notes: [['Other sessions end too.']],
  buttons: [APPROVE, { action: 'deny', label: 'Deny', value: 'rq_1.1.abc', style: 'danger' }],
};

function noteOf(more: Partial<Note>): Note {
  return { kind: 'note', tone: 'plain', lines: [], ...more };
}
function formOf(more: Partial<Form>): Form {
  return { kind: 'form', id: 'request', title: 'Ask', submit: 'Ask', context: '', intro: [], fields: [], ...more };
}

describe('a card', () => {
  it('looks like this', () => {
    expect(renderMessage(CARD, us)).toMatchInlineSnapshot(`
      {
        "blocks": [
          {
            "text": {
              "emoji": false,
              "text": "⏳ Ana Nowak asks for Read production data",
              "type": "plain_text",
            },
            "type": "header",
          },
          {
            "text": {
              "text": "Waiting for *1 of dbas*",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
          {
            "fields": [
              {
                "text": "*Who*
      <@U0ANA>",
                "type": "mrkdwn",
                "verbatim": true,
              },
              {
                "text": "*Role*
      \`prod-db-readonly\`",
                "type": "mrkdwn",
                "verbatim": true,
              },
              {
                "text": "*For*
      2 h",
                "type": "mrkdwn",
                "verbatim": true,
              },
              {
                "text": "*Lapses*
      <!date^1767225600^{date_short_pretty} at {time}|2026-01-01 00:00 UTC>",
                "type": "mrkdwn",
                "verbatim": true,
              },
            ],
            "type": "section",
          },
          {
            "elements": [
              {
                "elements": [
                  {
                    "style": {
                      "bold": true,
                    },
                    "text": "Reason",
                    "type": "text",
                  },
                ],
                "type": "rich_text_section",
              },
              {
                "elements": [
                  {
                    "text": "fix INC-42",
                    "type": "text",
                  },
                ],
                "type": "rich_text_quote",
              },
            ],
            "type": "rich_text",
          },
          {
            "elements": [
              {
                "text": "Other sessions end too.",
                "type": "mrkdwn",
                "verbatim": true,
              },
            ],
            "type": "context",
          },
          {
            "elements": [
              {
                "action_id": "approve",
                "style": "primary",
                "text": {
                  "emoji": false,
                  "text": "Approve",
                  "type": "plain_text",
                },
                "type": "button",
                "value": "rq_1.1.abc",
              },
              {
                "action_id": "deny",
                "style": "danger",
                "text": {
                  "emoji": false,
                  "text": "Deny",
                  "type": "plain_text",
                },
                "type": "button",
                "value": "rq_1.1.abc",
              },
            ],
            "type": "actions",
          },
        ],
        "text": "⏳ Ana Nowak asks for Read production data: Waiting for *1 of dbas*
      Who: <@U0ANA>
      Role: \`prod-db-readonly\`
      For: 2 h
      Lapses: <!date^1767225600^{date_short_pretty} at {time}|2026-01-01 00:00 UTC>",
      }
    `);
  });

  it.each([
    ['a long reason', 'x'.repeat(4_096)],
    ['a reason of many lines', `x${'\n'.repeat(4_095)}`],
    ['a reason that speaks of another role', '*Role*\nprod-db-admin\n'.repeat(200)],
  ])('shows its facts first and its buttons last, with %s (C05)', (_, text) => {
    const { blocks } = renderMessage({ ...CARD, quote: { label: 'Reason', text } }, us);
    const types = blocks.map(({ type }) => type);
    expect(types).toEqual(['header', 'section', 'section', 'rich_text', 'context', 'actions']);
    expect(blocks.slice(0, 3)).toEqual(renderMessage(CARD, us).blocks.slice(0, 3));
  });

  it('shows a thousand characters of a reason and says what is missing (C05)', () => {
    const text = 'y'.repeat(1_500);
    const shown = textIn(renderMessage({ ...CARD, quote: { label: 'Reason', text } }, us));
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    expect(shown).toContain('y'.repeat(1_000));
    expect(shown).not.toContain('y'.repeat(1_001));
    expect(shown).toContain(`… (500 more characters, SHA-256 ${hash}…)`);
  });

  it('shows a reason of exactly a thousand characters whole', () => {
    const shown = textIn(renderMessage({ ...CARD, quote: { label: 'Reason', text: '😀'.repeat(1_000) } }, us));
    expect(shown).toContain('😀'.repeat(1_000));
    expect(shown).not.toContain('more character');
  });

  it('shows fifteen lines of a reason and says what is missing', () => {
    const text = Array.from({ length: 20 }, (_, n) => `line ${n}`).join('\n');
    const shown = textIn(renderMessage({ ...CARD, quote: { label: 'Reason', text } }, us));
    expect(shown).toContain('line 14');
    expect(shown).not.toContain('line 15');
    expect(shown).toMatch(/… \(40 more characters, SHA-256 [0-9a-f]{16}…\)/);
  });

  it('leaves out a reason that is none', () => {
    const { blocks } = renderMessage({ ...CARD, quote: { label: 'Reason', text: ' \n ' } }, us);
    expect(blocks.map(({ type }) => type)).not.toContain('rich_text');
  });

  it('splits a fact that is too long for a column, and loses nothing of it', () => {
    const long = Array.from({ length: 900 }, (_, n) => `member${n}`).join(', ');
    const { blocks } = renderMessage({ ...CARD, facts: [{ label: 'Members', value: [long] }] }, us);
    const shown = textIn({ blocks }).replaceAll('\n', '');
    expect(shown).toContain('member0, ');
    expect(shown).toContain('more characters, SHA-256');
    const fits = Array.from({ length: 400 }, (_, n) => `member${n}`).join(', ');
    const whole = renderMessage({ ...CARD, facts: [{ label: 'Members', value: [fits] }] }, us);
    const sections = whole.blocks.slice(2, 4).map((block) => textIn({ blocks: [block] }));
    expect(sections.join('')).toBe(`*Members*\n${fits}`);
  });

  it('puts more than ten facts into more than one section', () => {
    const facts = Array.from({ length: 23 }, (_, n) => ({ label: `L${n}`, value: [`v${n}`] }));
    const { blocks } = renderMessage({ ...CARD, facts }, us);
    const fields = blocks.flatMap((block) => (block.type === 'section' && block.fields ? [block.fields.length] : []));
    expect(fields).toEqual([10, 10, 3]);
  });

  it('says in place of what has no room how much it was, and keeps its buttons', () => {
    const notes = Array.from({ length: 80 }, (_, n) => [`note ${n} ${'z'.repeat(500)}`]);
    const { blocks } = renderMessage({ ...CARD, notes }, us);
    expect(blocks.at(-1)?.type).toBe('actions');
    expect(textIn({ blocks: [blocks.at(-2)] })).toMatch(/^… \(\d+ more characters, SHA-256 [0-9a-f]{16}…\)$/);
    expect(textLength(blocks)).toBeLessThanOrEqual(9_000);
  });

  it('cannot carry a value that Slack would not take', () => {
    const buttons = [{ ...APPROVE, value: 'x'.repeat(2_001) }];
    expect(() => renderMessage({ ...CARD, buttons }, us)).toThrow(ChatError);
  });
});

describe('spans', () => {
  const line = (...spans: Note['lines'][number]) => renderMessage(noteOf({ lines: [spans] }), us).text;

  it('mention people of this workspace alone', () => {
    const person = (tenant: string, user = 'U0ANA', platform = 'slack') => ({
      person: { platform, tenant, user },
      name: 'A & B',
    });
    expect(line(person(TEAM))).toBe('<@U0ANA>');
    expect(line(person(TEAM, 'W0ANA'))).toBe('<@W0ANA>');
    expect(line(person('T0OTHER'))).toBe('A &amp; B');
    expect(line(person(TEAM, 'U0ANA', 'teams'))).toBe('A &amp; B');
    expect(line(person(TEAM, 'U0ANA>'))).toBe('A &amp; B');
    expect(line(person(TEAM, '!channel'))).toBe('A &amp; B');
    expect(line({ person: undefined, name: '<!here>' })).toBe('&lt;!here&gt;');
  });

  it('show a time in the reader’s zone, or in UTC', () => {
    const time = Date.UTC(2026, 10, 22, 14, 5, 59);
    expect(line({ time, show: 'time' })).toBe('<!date^1795356359^{time}|14:05 UTC>');
    expect(line({ time, show: 'date_time' })).toBe(
      '<!date^1795356359^{date_short_pretty} at {time}|2026-11-22 14:05 UTC>',
    );
  });

  it('stay whole where text is split', () => {
    const status = Array.from({ length: 120 }, () => ['x'.repeat(97), { time: 0, show: 'date_time' as const }]).flat();
    const { blocks } = renderMessage({ ...CARD, facts: [], notes: [], status }, us);
    const texts = blocks.flatMap((block) => (block.type === 'section' && block.text ? [block.text.text] : []));
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(text.match(/<!date\^0\^[^>]*>/g)?.length).toBe(text.match(/</g)?.length);
  });

  it('never split an escape or a character', () => {
    for (const unit of ['&', '<', '😀', 'ab &']) {
      const lines = [[unit.repeat(4_000)]];
      const { blocks } = renderMessage(noteOf({ lines }), us);
      for (const block of blocks) {
        if (block.type !== 'section') continue;
        const text = block.text?.text ?? '';
        expect(text.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
        expect(text.isWellFormed()).toBe(true);
      }
    }
  });
});

describe('other people’s words (C06, B11)', () => {
  const everywhere = (text: string): readonly unknown[] => {
    const rich = [text, { strong: text }, { code: text }, { person: undefined, name: text }];
    const button = { ...APPROVE, label: text, confirm: { title: text, text, yes: text, no: text } };
    const card: Card = {
      ...CARD,
      title: text,
      status: rich,
      facts: [{ label: text, value: rich }],
      quote: { label: text, text },
      notes: [rich],
      buttons: [button],
    };
    const note = noteOf({ lines: [rich, rich], quote: text, buttons: [button], mark: text });
    const items = [{ lines: [rich], buttons: [button] }];
    const home: Home = { intro: [rich], buttons: [button], sections: [{ title: text, empty: text, items }] };
    const form = formOf({
      title: text,
      submit: text,
      intro: [rich],
      fields: [
        {
          type: 'text',
          name: 'a',
          label: text,
          hint: text,
          multiline: true,
          maxLength: 9,
          initial: text,
          placeholder: text,
        },
        {
          type: 'choice',
          name: 'b',
          label: text,
          options: [{ value: 'v', label: text, description: text }],
          initial: 'v',
        },
        { type: 'search', name: 'c', label: text, initial: { value: 'v', label: text } },
        { type: 'choice', name: 'd', label: text, options: [] },
      ],
    });
    return [renderMessage(card, us), renderMessage(note, us), renderHome(home, us), renderForm(form, us)];
  };

  it('are sixty in the corpus', () => {
    expect(new Set(HOSTILE).size).toBe(60);
  });

  it.each(HOSTILE.map((text) => [JSON.stringify(text), text]))('%s is text', (_, text) => {
    for (const drawn of everywhere(text)) {
      expect(markupIn({ ...(drawn as object), ts: '1' })).toEqual([]);
      expect(JSON.stringify(drawn)).not.toMatch(/"type":"(?:user|usergroup|channel|broadcast|link|emoji|date)"/);
    }
    const [card] = everywhere(text);
    expect(messageBlockProblems((card as { blocks: unknown[] }).blocks)).toEqual([]);
  });

  it('do not become emoji, names or links by themselves', () => {
    for (const drawn of everywhere(':fire: @here https://evil.test #general')) {
      const json = JSON.stringify(drawn);
      expect(json.match(/"type":"plain_text"/g)?.length).toBe(json.match(/"emoji":false/g)?.length);
      expect(json.match(/"type":"mrkdwn"/g)?.length ?? 0).toBe(json.match(/"verbatim":true/g)?.length ?? 0);
    }
  });

  it.each([
    ['\u202Enimda', '[U+202E]nimda'],
    ['adm\u200Bin', 'adm[U+200B]in'],
    ['a\u2066b\u2069', 'a[U+2066]b[U+2069]'],
    ['\uFEFFadmin', '[U+FEFF]admin'],
    ['a\u00ADb', 'a[U+00AD]b'],
    ['\u3164', '[U+3164]'],
    ['\u{E0041}x', '[U+E0041]x'],
    ['a\u0007b', 'a[U+0007]b'],
    ['\uD800', '[U+D800]'],
    ['аdmin', 'аdmin[mixed alphabets]'],
    ['Αdmin and βeta', 'Αdmin[mixed alphabets] and βeta'],
    ['админ', 'админ'],
    ['5 μm Δt π', '5 μm Δt π'],
    ['naïve Ünal Łódź 日本語 עברית', 'naïve Ünal Łódź 日本語 עברית'],
    ['👩‍💻 👨‍👩‍👧 ✅ ❤️ 👍🏽', '👩‍💻 👨‍👩‍👧 ✅ ❤️ 👍🏽'],
    ['a\u200Db', 'a[U+200D]b'],
    [`z${'\u0301'.repeat(9)}`, `z${'\u0301'.repeat(4)}[+5 marks]`],
    ['a\r\nb\u2028c\rd', 'a\nb\nc\nd'],
  ])('%j is shown as %j', (text, shown) => {
    expect(textIn(renderMessage(noteOf({ lines: [['x', text]] }), us))).toBe(`x${shown}`);
    expect(textIn(renderMessage(noteOf({ lines: [['x']], quote: text }), us))).toBe(`x\n${shown}`);
  });

  it('gain no markup, whatever they are', () => {
    fc.assert(
      fc.property(any.text, (text) => {
        const drawn = renderMessage(noteOf({ lines: [['.', text]] }), us);
        expect(markupIn({ ...drawn, ts: '1' })).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('whatever a document says', () => {
  const accepted = (drawn: { readonly text: string; readonly blocks: readonly unknown[] }) => {
    expect(messageBlockProblems(drawn.blocks)).toEqual([]);
    expect(textLength(drawn.blocks)).toBeLessThanOrEqual(12_000);
    expect(drawn.text.trim()).not.toBe('');
    expect(drawn.text.length).toBeLessThanOrEqual(4_000);
    for (const markup of markupIn({ ...drawn, ts: '1' })) expect(markup).toMatch(/^(?:<@U0ANA>|<!date\^\d+\^[^<>]*>)$/);
  };

  it('Slack takes the card', () => {
    fc.assert(
      fc.property(any.card, (card) => accepted(renderMessage(card, us))),
      RUNS,
    );
  });

  it('Slack takes the note', () => {
    fc.assert(
      fc.property(any.note, (note) => accepted(renderMessage(note, us))),
      RUNS,
    );
  });

  it('Slack takes the home', () => {
    fc.assert(
      fc.property(any.home, (home) => {
        const view = JSON.parse(JSON.stringify(renderHome(home, us)));
        expect(viewProblems(view)).toEqual([]);
        expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(250_000);
      }),
      { numRuns: 200 },
    );
  });

  it('Slack takes the form', () => {
    fc.assert(
      fc.property(any.form, (form) => {
        const view = JSON.parse(JSON.stringify(renderForm(form, us)));
        expect(viewProblems(view)).toEqual([]);
        expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(250_000);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a home', () => {
  it('says what has no room on it', () => {
    const items = Array.from({ length: 120 }, (_, n) => ({ lines: [[`pass ${n}`]], buttons: [APPROVE] }));
    const view = renderHome(
      { intro: [['Hello']], buttons: [], sections: [{ title: 'Passes', empty: '-', items }] },
      us,
    );
    expect(view.blocks).toHaveLength(100);
    expect(textIn({ blocks: [view.blocks.at(-1)] })).toMatch(/^… \(\d+ more characters/);
  });

  it('says that a section is empty', () => {
    const view = renderHome({ intro: [], buttons: [], sections: [{ title: 'Passes', empty: 'None.', items: [] }] }, us);
    expect(textIn(view)).toBe('Passes\nNone.');
  });

  it('is never without a block', () => {
    expect(renderHome({ intro: [], buttons: [], sections: [] }, us).blocks).toHaveLength(1);
  });
});

describe('a form', () => {
  it('is a modal named by its id, with its context', () => {
    const view = renderForm(formOf({ id: 'deny', context: 'rq_1', title: 'Deny this request?' }), us);
    expect(view).toMatchObject({
      type: 'modal',
      callback_id: 'deny',
      private_metadata: 'rq_1',
      close: { text: 'Close' },
    });
  });

  it('only shows when there is nothing to submit, and then has no fields', () => {
    const { submit: _, ...only } = formOf({ intro: [['This is how it is.']] });
    expect(renderForm(only, us)).not.toHaveProperty('submit');
    const fields = [{ type: 'text' as const, name: 'a', label: 'A', multiline: false, maxLength: 9 }];
    expect(() => renderForm({ ...only, fields }, us)).toThrow('form_without_submit');
  });

  it('asks for the options of a long list, and lists up to a hundred', () => {
    const options = (count: number) => Array.from({ length: count }, (_, n) => ({ value: `v${n}`, label: `l${n}` }));
    const element = (count: number) => {
      const choice = { type: 'choice' as const, name: 'a', label: 'A', options: options(count), initial: 'v7' };
      const [block] = renderForm(formOf({ fields: [choice] }), us).blocks;
      return block && 'element' in block ? block.element : undefined;
    };
    expect(element(100)).toMatchObject({ type: 'static_select', initial_option: { value: 'v7' } });
    expect(element(101)).toMatchObject({
      type: 'external_select',
      min_query_length: 0,
      initial_option: { value: 'v7' },
    });
  });

  it('continues a long label in the description', () => {
    const label = `${'a'.repeat(74)}bcdefghij`;
    const options = [{ value: 'v', label, description: 'What it gives' }];
    const [block] = renderForm(formOf({ fields: [{ type: 'choice', name: 'a', label: 'A', options }] }), us).blocks;
    const element = block && 'element' in block ? block.element : undefined;
    expect(element).toMatchObject({
      options: [{ text: { text: `${'a'.repeat(74)}…` }, description: { text: '…bcdefghij · What it gives' } }],
    });
  });

  it('refuses options and contexts that Slack would not take', () => {
    const options = [{ value: 'x'.repeat(76), label: 'l' }];
    const choice = formOf({ fields: [{ type: 'choice', name: 'a', label: 'A', options }] });
    expect(() => renderForm(choice, us)).toThrow('option_value_too_long');
    expect(() => renderForm(formOf({ context: 'x'.repeat(3_001) }), us)).toThrow('form_context_too_long');
  });

  it('says where there is nothing to choose from', () => {
    const view = renderForm(formOf({ fields: [{ type: 'choice', name: 'a', label: 'Role', options: [] }] }), us);
    expect(textIn(view)).toBe('*Role*\nThere is nothing to choose from.');
  });

  it('is drawn again when an answer changes that others depend on', () => {
    const choice = { type: 'choice' as const, name: 'a', label: 'A', options: [{ value: 'v', label: 'l' }] };
    const [plain, redraws] = renderForm(
      formOf({ fields: [choice, { ...choice, name: 'b', redraws: true }] }),
      us,
    ).blocks;
    expect(plain).not.toHaveProperty('dispatch_action');
    expect(redraws).toMatchObject({ dispatch_action: true });
  });
});
