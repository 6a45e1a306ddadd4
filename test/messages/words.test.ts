// The house rules of tone, held for every sentence that the source of messages can say.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { list, plural, secondsText, shortened, stagesText, timeSpan } from '../../src/messages/phrases.ts';

const folder = new URL('../../src/messages/', import.meta.url);
const sentences = readdirSync(folder).flatMap((file) => {
  const code = readFileSync(new URL(file, folder), 'utf8').replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
  const literals = [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(
    (found) => found[1] ?? found[2] ?? '',
  );
  return literals.filter((literal) => /\p{L}+ \p{L}+/u.test(literal)).map((words) => ({ file, words }));
});

describe('every sentence', () => {
  it('is looked at', () => {
    expect(sentences.length).toBeGreaterThan(180);
  });
  it.each([
    ['shouts', /!/],
    ['has two blanks', / {2}/],
    ['has a straight quotation mark', /"/],
    ['has a straight apostrophe', /\p{L}'\p{L}/u],
    [
      'talks like a machine',
      /\b(?:invalid|error occurred|failed to|unable to|please note|successfully|abort|illegal|oops)\b/i,
    ],
    ['blames', /\byou (?:must|failed|forgot|should have)\b/i],
    ['ends in two full stops', /\.\.$/],
    ['leaves room before a stop', / [.,;:](?:\s|$)/],
    ['speaks of a user', /\busers?\b/i],
  ])('never %s', (_, bad) => {
    expect(sentences.filter(({ words }) => bad.test(words.replaceAll(/\$\{[^}]*\}/g, 'x')))).toEqual([]);
  });
});

describe('phrases', () => {
  it('list as people do', () => {
    expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'], 'or')]).toEqual([
      'nobody',
      'a',
      'a and b',
      'a, b or c',
    ]);
  });
  it('count as people do', () => {
    expect([plural(0, 'pass', 'passes'), plural(1, 'pass', 'passes'), plural(2, 'second')]).toEqual([
      '0 passes',
      '1 pass',
      '2 seconds',
    ]);
  });
  it('never round time', () => {
    expect([0, 1, 59, 60, 61, 3_599, 3_600, 90_061].map(secondsText)).toEqual([
      ...['0 seconds', '1 second', '59 seconds', '1 min', '1 min 1 s', '59 min 59 s', '1 h', '1 d 1 h 1 min 1 s'],
    ]);
  });
  it('say who approves, and that nobody does', () => {
    expect(stagesText([])).toBe('nobody');
    expect(stagesText([{ from: [], count: 1 }])).toBe('1 of nobody');
    expect(
      stagesText([
        { from: ['a', 'b'], count: 2 },
        { from: ['c'], count: 1 },
      ]),
    ).toBe('2 of a or b, then 1 of c');
  });
  it('name the day from half a day on', () => {
    const half = 12 * 3_600_000;
    expect([timeSpan(half, 0), timeSpan(half + 1, 0), timeSpan(0, half)]).toEqual([
      { time: half, show: 'time' },
      { time: half + 1, show: 'date_time' },
      { time: 0, show: 'time' },
    ]);
  });
  it('cut whole characters, and say that they did', () => {
    expect([shortened('🔥🔥🔥', 3), shortened('🔥🔥🔥🔥', 3), shortened('', 3)]).toEqual(['🔥🔥🔥', '🔥🔥…', '']);
  });
});
