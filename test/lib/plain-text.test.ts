// Text on one line.
import { describe, expect, it } from 'vitest';
import { oneLine } from '../../src/lib/plain-text.ts';

describe('one line', () => {
  it.each([
    ['as it is', 'as it is', 99],
    ['  trimmed  ', 'trimmed', 99],
    ['a\r\nBcc: b\n\nc', 'a Bcc: b c', 99],
    ['a\u2028b\u2029c\u0000d\u202ee', 'a b c d e', 99],
    ['\uD800x', 'x', 99],
    ['🔥🔥🔥', '🔥🔥🔥', 3],
    ['🔥🔥🔥🔥', '🔥🔥…', 3],
    ['', '', 3],
  ])('%j is %j', (text, line, max) => {
    expect(oneLine(text, max)).toBe(line);
  });
});
