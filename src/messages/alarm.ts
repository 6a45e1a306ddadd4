// Everything an operator or the security team must act on, loud and with what to do. Each code has its run-book line in
// docs/run-book.md (a test holds that).
import type { Catalog } from '../core/catalog.ts';
import type { DomainEvent } from '../core/events.ts';
import type { Note, Rich } from '../ports/document.ts';
import { secondsText } from './phrases.ts';

/** Codes of `alarm.raised`, each with its sentence. */
export const ALARMS = {
  channel_changed:
    'A channel that Hallpass posts in was shared, archived or renamed. If another organisation can see it, choose another channel: presses there are refused meanwhile.',
  chat_uninstalled:
    'The chat app was uninstalled or its tokens were revoked. Nobody can ask or approve; live access still ends on time. Install it again.',
  socket_connections:
    'More connections to the chat platform are open than this deployment holds: somebody else may be using the app-level token. Rotate it.',
  person_suspended:
    'A person’s e-mail address changed or belongs to somebody else already; they can neither ask nor decide until you have looked.',
} as const satisfies { readonly [code: string]: string };
export type AlarmCode = keyof typeof ALARMS;

export function alarmNote(event: DomainEvent, _catalog: Catalog): Note | undefined {
  const lines = alarmLines(event);
  return lines ? { kind: 'note', tone: 'alarm', lines } : undefined;
}

function alarmLines(event: DomainEvent): readonly Rich[] | undefined {
  const pass = { code: event.subject.grant ?? '' };
  switch (event.type) {
    case 'revoke.overdue':
      return [
        [
          { strong: 'ALARM: access is overdue.' },
          ' Pass ',
          pass,
          ` should have ended ${secondsText(event.data.lateSeconds)} ago (${event.data.fault}).`,
        ],
        ['Hallpass keeps trying. Look at the target now; run-book: revoke-overdue.'],
      ];
    case 'grant.reappeared':
      return [
        [
          { strong: 'ALARM: access came back after it was revoked.' },
          ' Pass ',
          pass,
          '. It is being taken back again; run-book: grant-reappeared.',
        ],
      ];
    case 'grant.force_closed':
      return [
        [
          { strong: 'ALARM: a pass was closed by hand.' },
          ' Pass ',
          pass,
          ', by two people with evidence; run-book: force-closed.',
        ],
      ];
    case 'person.suspended':
      return [
        [
          { strong: 'ALARM: a person was suspended.' },
          ' ',
          ALARMS.person_suspended,
          ' ',
          { code: event.subject.person ?? '' },
          '; run-book: person-suspended.',
        ],
      ];
    case 'alarm.raised':
      return [
        [
          { strong: `ALARM: ${event.data.code.replaceAll('_', ' ')}.` },
          ` ${ALARMS[event.data.code as AlarmCode] ?? 'Look into the log.'} Run-book: ${event.data.code.replaceAll('_', '-')}.`,
        ],
      ];
  }
  return undefined;
}
