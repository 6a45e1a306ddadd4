// Every documented limit of blocks and views that touches us, by name: at the limit it passes, one over it fails.
import { describe, expect, it } from 'vitest';
import {
  messageBlockProblems,
  suggestionProblems,
  textLength,
  viewProblems,
} from '../../../src/local/slack/block-kit.ts';
import { long, many, mrkdwn, option, plain } from './support.ts';

const button = (extra: object = {}) => ({ type: 'button', action_id: 'a', text: plain('Go'), ...extra });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const section = (extra: object) => ({ type: 'section', ...extra });
const field = (element: object, extra: object = {}) => ({ type: 'input', label: plain('L'), element, ...extra });
const typed = (extra: object = {}) => ({ type: 'plain_text_input', action_id: 'a', ...extra });
const menu = (extra: object) => ({ type: 'static_select', action_id: 'a', ...extra });
const confirm = (extra: object = {}) => ({
  title: plain('t'),
  text: plain('x'),
  confirm: plain('y'),
  deny: plain('n'),
  ...extra,
});
const modal = (extra: object = {}) => ({
  type: 'modal',
  title: plain('T'),
  submit: plain('S'),
  blocks: [field(typed())],
  ...extra,
});

const inMessage = (...blocks: object[]) => messageBlockProblems(blocks);
const inModal = (extra: object = {}) => viewProblems(modal(extra));
const inField = (element: object) => inModal({ blocks: [field(element)] });

/** What is at the limit, what is one over, and what Slack says to the latter. */
type Limit = readonly [name: string, at: readonly string[], over: readonly string[], says: string];

const LIMITS: readonly Limit[] = [
  [
    'message: 50 blocks',
    inMessage(...many(50, () => ({ type: 'divider' }))),
    inMessage(...many(51, () => ({ type: 'divider' }))),
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  [
    'section text 3,000',
    inMessage(section({ text: mrkdwn(long(3_000)) })),
    inMessage(section({ text: mrkdwn(long(3_001)) })),
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'section field 2,000',
    inMessage(section({ fields: [mrkdwn(long(2_000))] })),
    inMessage(section({ fields: [mrkdwn(long(2_001))] })),
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    'section 10 fields',
    inMessage(section({ fields: many(10, () => mrkdwn('x')) })),
    inMessage(section({ fields: many(11, () => mrkdwn('x')) })),
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    'header 150',
    inMessage({ type: 'header', text: plain(long(150)) }),
    inMessage({ type: 'header', text: plain(long(151)) }),
    'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'button text 75',
    inMessage(actions(button({ text: plain(long(75)) }))),
    inMessage(actions(button({ text: plain(long(76)) }))),
    'must be less than 76 characters',
  ],
  [
    'button value 2,000',
    inMessage(actions(button({ value: long(2_000) }))),
    inMessage(actions(button({ value: long(2_001) }))),
    'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
  ],
  [
    'button url 3,000',
    inMessage(actions(button({ url: long(3_000) }))),
    inMessage(actions(button({ url: long(3_001) }))),
    'must be less than 3001 characters',
  ],
  [
    'actions 25 elements',
    inMessage(actions(...many(25, (n) => button({ action_id: `a${n}` })))),
    inMessage(actions(...many(26, (n) => button({ action_id: `a${n}` })))),
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'confirm title 100',
    inMessage(actions(button({ confirm: confirm({ title: plain(long(100)) }) }))),
    inMessage(actions(button({ confirm: confirm({ title: plain(long(101)) }) }))),
    'must be less than 101 characters',
  ],
  [
    'confirm text 300',
    inMessage(actions(button({ confirm: confirm({ text: mrkdwn(long(300)) }) }))),
    inMessage(actions(button({ confirm: confirm({ text: mrkdwn(long(301)) }) }))),
    'must be less than 301 characters',
  ],
  [
    'confirm buttons 30',
    inMessage(actions(button({ confirm: confirm({ confirm: plain(long(30)) }) }))),
    inMessage(actions(button({ confirm: confirm({ confirm: plain(long(31)) }) }))),
    'must be less than 31 characters',
  ],
  [
    'menu 100 options',
    inField(menu({ options: many(100, (n) => option(`${n}`)) })),
    inField(menu({ options: many(101, (n) => option(`${n}`)) })),
    'no more than 100 items allowed',
  ],
  [
    'menu 100 groups',
    inField(menu({ option_groups: many(100, () => ({ label: plain('g'), options: [option('o')] })) })),
    inField(menu({ option_groups: many(101, () => ({ label: plain('g'), options: [option('o')] })) })),
    'no more than 100 items allowed',
  ],
  [
    'option text 75',
    inField(menu({ options: [{ text: plain(long(75)), value: 'v' }] })),
    inField(menu({ options: [{ text: plain(long(76)), value: 'v' }] })),
    'must be less than 76 characters',
  ],
  [
    'option value 75',
    inField(menu({ options: [{ text: plain('t'), value: long(75) }] })),
    inField(menu({ options: [{ text: plain('t'), value: long(76) }] })),
    'must be less than 76 characters',
  ],
  [
    'option description 75',
    inField(menu({ options: [{ ...option('v'), description: plain(long(75)) }] })),
    inField(menu({ options: [{ ...option('v'), description: plain(long(76)) }] })),
    'must be less than 76 characters',
  ],
  [
    'checkboxes 10',
    inField({ type: 'checkboxes', options: many(10, (n) => option(`${n}`)) }),
    inField({ type: 'checkboxes', options: many(11, (n) => option(`${n}`)) }),
    'no more than 10 items allowed',
  ],
  [
    'radio buttons 10',
    inField({ type: 'radio_buttons', options: many(10, (n) => option(`${n}`)) }),
    inField({ type: 'radio_buttons', options: many(11, (n) => option(`${n}`)) }),
    'no more than 10 items allowed',
  ],
  [
    'overflow 5',
    inMessage(actions({ type: 'overflow', options: many(5, (n) => option(`${n}`)) })),
    inMessage(actions({ type: 'overflow', options: many(6, (n) => option(`${n}`)) })),
    'no more than 5 items allowed',
  ],
  [
    'context 10 elements',
    inMessage({ type: 'context', elements: many(10, () => mrkdwn('x')) }),
    inMessage({ type: 'context', elements: many(11, () => mrkdwn('x')) }),
    'no more than 10 items allowed',
  ],
  [
    'block_id 255',
    inMessage({ type: 'divider', block_id: long(255) }),
    inMessage({ type: 'divider', block_id: long(256) }),
    'must be less than 256 characters [json-pointer:/blocks/0/block_id]',
  ],
  [
    'action_id 255',
    inMessage(actions(button({ action_id: long(255) }))),
    inMessage(actions(button({ action_id: long(256) }))),
    'must be less than 256 characters',
  ],
  [
    'text input max_length 3,000',
    inField(typed({ max_length: 3_000 })),
    inField(typed({ max_length: 3_001 })),
    'must be a whole number from 1 to 3000',
  ],
  [
    'input label 2,000',
    inModal({ blocks: [field(typed(), { label: plain(long(2_000)) })] }),
    inModal({ blocks: [field(typed(), { label: plain(long(2_001)) })] }),
    'must be less than 2001 characters',
  ],
  [
    'input hint 2,000',
    inModal({ blocks: [field(typed(), { hint: plain(long(2_000)) })] }),
    inModal({ blocks: [field(typed(), { hint: plain(long(2_001)) })] }),
    'must be less than 2001 characters',
  ],
  [
    'placeholder 150',
    inField(typed({ placeholder: plain(long(150)) })),
    inField(typed({ placeholder: plain(long(151)) })),
    'must be less than 151 characters',
  ],
  [
    'markdown 12,000',
    inMessage({ type: 'markdown', text: long(12_000) }),
    inMessage({ type: 'markdown', text: long(12_001) }),
    'must be less than 12001 characters',
  ],
  [
    'table 100 rows',
    inMessage({ type: 'table', rows: many(100, () => [{ type: 'raw_text', text: 'x' }]) }),
    inMessage({ type: 'table', rows: many(101, () => [{ type: 'raw_text', text: 'x' }]) }),
    'no more than 100 items allowed',
  ],
  [
    'table 20 columns',
    inMessage({ type: 'table', rows: [many(20, () => ({ type: 'raw_text', text: 'x' }))] }),
    inMessage({ type: 'table', rows: [many(21, () => ({ type: 'raw_text', text: 'x' }))] }),
    'no more than 20 items allowed',
  ],
  [
    'view 100 blocks',
    inModal({ blocks: many(100, () => ({ type: 'divider' })) }),
    inModal({ blocks: many(101, () => ({ type: 'divider' })) }),
    'no more than 100 items allowed [json-pointer:/view/blocks]',
  ],
  [
    'home 100 blocks',
    viewProblems({ type: 'home', blocks: many(100, () => ({ type: 'divider' })) }),
    viewProblems({ type: 'home', blocks: many(101, () => ({ type: 'divider' })) }),
    'no more than 100 items allowed [json-pointer:/view/blocks]',
  ],
  [
    'modal title 24',
    inModal({ title: plain(long(24)) }),
    inModal({ title: plain(long(25)) }),
    'must be less than 25 characters [json-pointer:/view/title/text]',
  ],
  [
    'modal submit 24',
    inModal({ submit: plain(long(24)) }),
    inModal({ submit: plain(long(25)) }),
    'must be less than 25 characters',
  ],
  [
    'modal close 24',
    inModal({ close: plain(long(24)) }),
    inModal({ close: plain(long(25)) }),
    'must be less than 25 characters',
  ],
  [
    'callback_id 255',
    inModal({ callback_id: long(255) }),
    inModal({ callback_id: long(256) }),
    'must be less than 256 characters',
  ],
  [
    'external_id 255',
    inModal({ external_id: long(255) }),
    inModal({ external_id: long(256) }),
    'must be less than 256 characters',
  ],
  [
    'private_metadata 3,000',
    inModal({ private_metadata: long(3_000) }),
    inModal({ private_metadata: long(3_001) }),
    'must be less than 3001 characters [json-pointer:/view/private_metadata]',
  ],
  [
    'suggestions 100',
    suggestionProblems({ options: many(100, (n) => option(`${n}`)) }),
    suggestionProblems({ options: many(101, (n) => option(`${n}`)) }),
    'no more than 100 items allowed',
  ],
];

describe('limits', () => {
  it.each(LIMITS)('%s', (_name, at, over, says) => {
    expect(at).toEqual([]);
    expect(over).toHaveLength(1);
    expect(over[0]).toContain(says);
  });
});

const FAULTS: readonly (readonly [name: string, problems: readonly string[], says: string])[] = [
  ['an unknown block', inMessage({ type: 'banner' }), 'unsupported type: banner [json-pointer:/blocks/0/type]'],
  [
    'an unknown field',
    inMessage({ type: 'divider', color: 'red' }),
    'invalid additional property: color [json-pointer:/blocks/0]',
  ],
  ['a button outside actions', inMessage(button()), 'unsupported type: button'],
  ['a block that is text', messageBlockProblems(['x']), 'must be an object [json-pointer:/blocks/0]'],
  [
    'mrkdwn in a header',
    inMessage({ type: 'header', text: mrkdwn('x') }),
    'must be one of plain_text [json-pointer:/blocks/0/text/type]',
  ],
  ['mrkdwn on a button', inMessage(actions(button({ text: mrkdwn('x') }))), 'must be one of plain_text'],
  [
    'text in place of a text object',
    inMessage(section({ text: 'x' })),
    'must be an object [json-pointer:/blocks/0/text]',
  ],
  [
    'empty text',
    inMessage(section({ text: mrkdwn('') })),
    'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'emoji on mrkdwn',
    inMessage(section({ text: { ...mrkdwn('x'), emoji: true } })),
    'invalid additional property: emoji',
  ],
  ['a section that says nothing', inMessage(section({})), 'missing required field: text or fields'],
  ['a button without text', inMessage(actions({ type: 'button', action_id: 'a' })), 'missing required field: text'],
  ['a green button', inMessage(actions(button({ style: 'green' }))), 'must be one of primary, danger'],
  ['no elements', inMessage(actions()), 'no less than 1 items allowed'],
  [
    'the same block_id twice',
    inMessage({ type: 'divider', block_id: 'b' }, { type: 'divider', block_id: 'b' }),
    '`block_id` "b" already exists [json-pointer:/blocks/1/block_id]',
  ],
  [
    'the same action_id twice in a block',
    inMessage(actions(button(), button())),
    '`action_id` "a" already exists for this block [json-pointer:/blocks/0]',
  ],
  ['a menu without options', inField(menu({})), 'needs exactly one of options and option_groups'],
  [
    'a menu with both',
    inField(menu({ options: [option('a')], option_groups: [{ label: plain('g'), options: [option('b')] }] })),
    'needs exactly one of options and option_groups',
  ],
  [
    'an initial option that is not offered',
    inField(menu({ options: [option('a')], initial_option: option('b') })),
    'initial option is not one of the options',
  ],
  ['a text input in actions', inMessage(actions(typed())), 'unsupported type: plain_text_input'],
  [
    'min_length over max_length',
    inField(typed({ min_length: 5, max_length: 4 })),
    'min_length is greater than max_length',
  ],
  ['a date that is none', inField({ type: 'datepicker', initial_date: '2026-1-1' }), 'must be a valid date'],
  [
    'an input without submit',
    viewProblems({ type: 'modal', title: plain('T'), blocks: [field(typed())] }),
    '`submit` is required when an `input` block is within the `blocks` array',
  ],
  [
    'a modal without title',
    viewProblems({ type: 'modal', blocks: [{ type: 'divider' }] }),
    'missing required field: title [json-pointer:/view]',
  ],
  [
    'a view of another type',
    viewProblems({ type: 'dialog', blocks: [] }),
    'unsupported type: dialog [json-pointer:/view/type]',
  ],
  [
    'a title on a home',
    viewProblems({ type: 'home', title: plain('T'), blocks: [{ type: 'divider' }] }),
    'invalid additional property: title',
  ],
  [
    'two focused fields',
    inModal({ blocks: [field(typed({ focus_on_load: true })), field(typed({ focus_on_load: true }))] }),
    'only one element can have `focus_on_load`',
  ],
  ['an answer that is no list of options', suggestionProblems({ choices: [] }), 'invalid additional property: choices'],
  [
    'an answer with an option too long',
    suggestionProblems({ options: [{ text: plain(long(76)), value: 'v' }] }),
    'must be less than 76 characters [json-pointer:/options/0/text/text]',
  ],
];

describe('faults', () => {
  it.each(FAULTS)('%s', (_name, problems, says) => {
    expect(problems.join('\n')).toContain(says);
  });
});

describe('what is right', () => {
  it('takes a card as the product sends it', () => {
    const card = [
      { type: 'header', text: plain('Access request') },
      { type: 'section', fields: [mrkdwn('*Who*\n<@U1>'), mrkdwn('*Role*\n`prod`')] },
      { type: 'section', text: mrkdwn('why'), accessory: button({ action_id: 'more' }) },
      {
        type: 'actions',
        block_id: 'req',
        elements: [button({ value: 'r1', style: 'primary' }), button({ action_id: 'b', confirm: confirm() })],
      },
      {
        type: 'context',
        elements: [mrkdwn('x'), { type: 'image', image_url: 'https://acme.test/a.png', alt_text: 'a' }],
      },
      { type: 'alert', level: 'warning', text: plain('Ends other sessions') },
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [] }] },
      { type: 'divider' },
    ];
    expect(messageBlockProblems(card)).toEqual([]);
    expect(viewProblems({ type: 'home', blocks: card })).toEqual([]);
  });

  it('takes every kind of field', () => {
    const kinds = [
      'users_select',
      'multi_users_select',
      'channels_select',
      'multi_channels_select',
      'conversations_select',
      'multi_conversations_select',
      'external_select',
      'multi_external_select',
      'datepicker',
      'timepicker',
      'datetimepicker',
      'email_text_input',
      'url_text_input',
    ];
    const blocks = kinds.map((type) => field({ type, action_id: 'a' }, { optional: true }));
    expect(inModal({ blocks: [...blocks, field({ type: 'number_input', is_decimal_allowed: false })] })).toEqual([]);
  });

  it('sums all text of the blocks', () => {
    expect(textLength([section({ text: mrkdwn('abc') }), actions(button({ text: plain('de') }))])).toBe(5);
  });
});
