// The few sentences about Slack itself. Everything about access is worded in messages/.

export const CLOSE = 'Close';
export const NOTHING_TO_CHOOSE = 'There is nothing to choose from.';

export type Asked = 'command' | 'button' | 'shortcut';

const AGAIN: Readonly<Record<Asked, string>> = {
  command: 'Type the command again.',
  button: 'Press the button again.',
  shortcut: 'Choose it from the menu again.',
};

export function tooLate(asked: Asked): string {
  return `Slack took too long to open the form. ${AGAIN[asked]}`;
}

/** For what nobody foresaw: the details are in the log under the reference (threat I01). */
export function wentWrong(reference: string): string {
  return `Something went wrong on our side (reference ${reference}).`;
}

export function otherCommand(command: string): string {
  return `This app answers to ${command}.`;
}
