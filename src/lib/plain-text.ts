// Text on one line, for places where a line break would begin something else: a header, a summary, a row. Pure.

/** Line breaks, control and direction characters become blanks; what is longer than `max` characters is cut, and says so. */
export function oneLine(text: string, max: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim();
  const characters = [...line];
  return characters.length <= max ? line : `${characters.slice(0, max - 1).join('')}…`;
}
