// Everything an operator or the security team must act on, loud and with what to do. Each code has its run-book line in
// docs/run-book.md (a test holds that).
import type { Catalog } from '../core/catalog.ts';
import type { DomainEvent } from '../core/events.ts';
import type { Note, Rich } from '../ports/document.ts';
import { secondsText } from './phrases.ts';

/** Codes of `alarm.raised`, each with its sentence. */
export const ALARMS = {
  channel_changed:
    'A channel that Hallpass posts in was shared, archived or renamed. If another organisation can see it, choose another channel; until then presses there are refused.',
  channel_gone:
    'Hallpass cannot post in a channel any more: it was archived or deleted, or the app was removed from it. Its cards are shown here meanwhile. Invite the app again, or choose another channel.',
  chat_uninstalled:
    'The chat app was uninstalled or its tokens were revoked. Nobody can ask or approve; live access still ends on time. Install it again.',
  slack_unreachable:
    'Slack could not be reached several times in a row. Nobody can ask or approve meanwhile; live access still ends on time. If you read this, it is back.',
  reconcile_failing:
    'For half an hour nobody could see what lives in it, while passes are live there: access that was given or taken by hand is not noticed. Mend its connection; “hallpass check” names what is wrong.',
  target_removed:
    'It has live passes and is not in the configuration any more: nothing can be ended there, and nothing new is given anywhere. Put it back and start again, or end the passes by hand in the target and close them.',
  clock_skewed:
    'The clock of a machine that Hallpass runs on is more than 2 seconds away from the clock of its store. Access ends by the clock of the store, so on time; from 30 seconds on this machine gives nothing new. Set the clock right (NTP).',
  unknown_status:
    'A newer version of Hallpass left it in a status that this version does not know. It is neither given nor ended by this one: put the newer version back, or look at the target and end the access by hand.',
  revoke_refused:
    'The target does not let Hallpass take the access back, and waiting will not mend that. Take it away in the target by hand now, then mend the cause. Hallpass keeps trying.',
  pager_failing:
    'It has taken no page for ten minutes: whoever relies on it hears of no alarm. Look at its settings and at the other side. Hallpass keeps trying.',
  slack_foreign_connection:
    'More connections to the chat platform are open than this deployment holds. Do more replicas run than the configuration says? Otherwise somebody else is using the app-level token: rotate it.',
  store_unwritable:
    'The store could not be written for a while. Nobody could ask or approve; what fell due was ended nevertheless, and is entered now. When you read this, it can be written again: find out what it was.',
} as const satisfies { readonly [code: string]: string };
type AlarmCode = keyof typeof ALARMS;

export function alarmNote(event: DomainEvent, catalog: Catalog): Note | undefined {
  const lines = alarmLines(event, catalog);
  return lines ? { kind: 'note', tone: 'alarm', lines } : undefined;
}

function alarmLines(event: DomainEvent, catalog: Catalog): readonly Rich[] | undefined {
  const pass = { code: event.subject.grant ?? '' };
  switch (event.type) {
    case 'revoke.overdue':
      return [
        [
          { strong: 'ALARM: access is overdue.' },
          ' Pass ',
          pass,
          ` should have ended ${secondsText(event.data.lateSeconds)} ago and is not proven gone (${event.data.fault}).`,
        ],
        ['Hallpass keeps trying. Look at the target now. Run-book: revoke-overdue.'],
      ];
    case 'grant.reappeared':
      return [
        [
          { strong: 'ALARM: access came back after its pass was over.' },
          ' Pass ',
          pass,
          '. It is being taken back again. Find out who gave it. Run-book: grant-reappeared.',
        ],
      ];
    case 'grant.force_closed':
      return [
        [
          { strong: 'ALARM: a pass was closed by hand.' },
          ' Pass ',
          pass,
          ', by two people with evidence. Hallpass does not look at it any more. Run-book: force-closed.',
        ],
      ];
    case 'grant.attested':
      if (event.data.stillNeeded === 0) return undefined;
      return [
        [
          { strong: 'ALARM: somebody states that an overdue access is gone.' },
          ' Pass ',
          pass,
          '. It closes when a second person of security has looked and states it too: type ',
          { code: `${catalog.command} force-close ${event.subject.grant}` },
          ' and what you looked at. Run-book: force-closed.',
        ],
      ];
    case 'grant.close_asked':
      return [
        [
          { strong: 'ALARM: an operator asks to close an overdue pass by hand.' },
          ' Pass ',
          pass,
          '. It closes when two different people of security have looked and state that the access is gone: each types ',
          { code: `${catalog.command} force-close ${event.subject.grant}` },
          ' and what they looked at. Run-book: force-closed.',
        ],
      ];
    case 'grant.adopted':
      return [
        [
          { strong: 'ALARM: access was found that Hallpass gave and does not know any more.' },
          ' Pass ',
          pass,
          `, ${event.data.offer.principal.name} in ${event.data.offer.target}. It is being taken back. Run-book: orphan-found.`,
        ],
      ];
    case 'grant.drifted':
      if (event.data.asApproved) return undefined;
      return [
        [
          { strong: 'ALARM: a role gives something else than was approved.' },
          ' Pass ',
          pass,
          ' is live with it. Look at the target; end the pass if it is too much. Run-book: entitlement-drifted.',
        ],
      ];
    case 'log.rolled_back':
      return [
        [
          { strong: 'ALARM: the store was put back to an earlier state.' },
          ` The log has ${event.data.size} entries, and a signed head of ${event.data.seen} was seen in ${event.data.where}. New access is held until the targets were looked at. Run-book: store-rolled-back.`,
        ],
      ];
    case 'access.held':
      // The other reasons have alarms of their own, told once and not for each target.
      if (event.data.why !== 'unchecked') return undefined;
      return [
        [
          { strong: 'ALARM: new access is held.' },
          ` Nothing new is given in ${event.data.target} until the audit channel could be read: without it and without the checkpoint file nobody can tell whether the store is in its last state. Run-book: access-held.`,
        ],
      ];
    case 'revoke.ordered':
      if (event.data.because !== 'drift') return undefined;
      return [
        [
          { strong: 'ALARM: access is gone before its pass ended.' },
          ' Pass ',
          pass,
          '. Somebody took it away in the target, and not through Hallpass; the pass ends with it. Run-book: access-missing.',
        ],
      ];
    case 'person.suspended':
      return [
        [
          { strong: 'ALARM: a person was suspended.' },
          ` ${suspendedText(event.data.why)} `,
          { code: event.subject.person ?? '' },
          ' can neither ask nor decide until you have looked. Run-book: person-suspended.',
        ],
      ];
    case 'alarm.raised':
      if (OTHER_SIDE.has(event.data.code)) return otherSideLines(event.data, pass);
      return raisedLines(event.data, event.subject);
  }
  return undefined;
}

type Raised = Extract<DomainEvent, { type: 'alarm.raised' }>['data'];

/** A code without a sentence is still an alarm: it says so, and where it is written down. */
function raisedLines({ code, facts }: Raised, { grant, request }: DomainEvent['subject']): readonly Rich[] {
  const says = Object.hasOwn(ALARMS, code) ? ALARMS[code as AlarmCode] : 'Look into the log for what happened.';
  const about = grant ?? request;
  const named: Rich = about === undefined ? placesText(facts) : [grant ? ' Pass ' : ' Request ', { code: about }, '.'];
  return [
    [{ strong: `ALARM: ${code.replaceAll('_', ' ')}.` }, ...named, ` ${says} Run-book: ${code.replaceAll('_', '-')}.`],
  ];
}

/** Targets and passes that an alarm is about, where it is about no single one. */
function placesText({ target, targets = target, passes }: Raised['facts']): Rich {
  const named = typeof targets === 'string' ? [' Target ', { code: targets }, '.'] : [];
  return typeof passes === 'string' ? [...named, ' Passes ', { code: passes }, '.'] : named;
}

/** Alarms about somebody who should help and does not: they name who, and in which of our own words. */
const OTHER_SIDE: ReadonlySet<string> = new Set<AlarmCode>(['revoke_refused', 'pager_failing']);

function otherSideLines(
  { code, facts }: Extract<DomainEvent, { type: 'alarm.raised' }>['data'],
  pass: { readonly code: string },
): readonly Rich[] {
  const { pager, target, fault } = facts;
  const who: Rich =
    pager === undefined ? [' Pass ', pass, `, target ${target}: ${fault}.`] : [` Pager ${pager}: ${fault}.`];
  return [
    [
      { strong: `ALARM: ${code.replaceAll('_', ' ')}.` },
      ...who,
      ` ${ALARMS[code as AlarmCode]} Run-book: ${code.replaceAll('_', '-')}.`,
    ],
  ];
}

function suspendedText(why: 'email_changed' | 'email_taken'): string {
  switch (why) {
    case 'email_changed':
      return 'The e-mail address of the account is not the one it was known by.';
    case 'email_taken':
      return 'The e-mail address of the account belongs to another person already.';
  }
}
