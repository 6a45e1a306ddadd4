// What the terminal says when local mode is up: where to go, and what to try. Pure.
import colors from 'picocolors';

export function welcomeText(url: string, logFile: string): string {
  const lines = [
    '',
    colors.bold('Hallpass is running on this machine, with a workspace and a database to try it in.'),
    'Open this page:',
    '',
    `${url}/`,
    '',
    'Try this:',
    '  1. You are Mia. In #general type  /jit shop-readonly 2m look at order 1017',
    '  2. Switch to Ana (top left), open #db-access, press Approve.',
    '  3. Be Mia again, open “What the target says now”, and query the database.',
    '  4. Watch it end by itself, or press Return. The thread tells everything, in order.',
    '',
    `Nothing leaves this machine. Details go to ${logFile}. Stop with Ctrl+C.`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}
