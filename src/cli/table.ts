// Findings as a table for a terminal: state, what, sentence, and the remedy on a line of its own.
import colors from 'picocolors';
import type { Finding } from '../ports/chat-platform.ts';

const MARKS = { ok: colors.green('ok     '), warning: colors.yellow('warning'), wrong: colors.red('WRONG  ') } as const;
/** What comes from targets and chat is shown without anything that could move the cursor or colour the terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

export function findingsTable(findings: readonly Finding[]): string {
  const width = Math.max(0, ...findings.map((finding) => finding.what.length));
  return findings.map((finding) => lineOf(finding, width)).join('');
}

function lineOf(finding: Finding, width: number): string {
  const indent = ' '.repeat('warning'.length + width + 4);
  const head = `${MARKS[finding.state]}  ${clean(finding.what).padEnd(width)}  ${clean(finding.says)}\n`;
  return finding.remedy === undefined ? head : `${head}${indent}→ ${clean(finding.remedy)}\n`;
}

function clean(text: string): string {
  return text.replace(UNPRINTABLE, ' ').trim();
}
