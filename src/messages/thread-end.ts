// The thread, from the order to end to proven absence: what is found, stated and seen on the way. Part of thread.ts.
import type { DomainEvent } from '../core/events.ts';
import type { Rich, Tone } from '../ports/document.ts';
import { endReasonText, lagText, plural, secondsText } from './phrases.ts';
import { personSpan, type RequestView } from './view.ts';

export type Words = readonly [tone: Tone, line: Rich, quote?: string | undefined];

export function aboutEnd(event: DomainEvent, view: RequestView): Words | undefined {
  const target = targetOf(view);
  switch (event.type) {
    case 'revoke.ordered': {
      const who: Rich = event.data.by === 'hallpass' ? [] : [' (', personSpan(view.names, event.data.by), ')'];
      const line: Rich = ['Ending: ', endReasonText(event.data.because), ...who, '. Taking the access back…'];
      return ['waiting', line, event.text?.why];
    }
    case 'revoke.overdue':
      return [
        'alarm',
        [
          { strong: 'Overdue:' },
          ` the access should have ended ${secondsText(event.data.lateSeconds)} ago, and it is not proven gone from ${target} yet. Hallpass keeps trying.`,
        ],
      ];
    case 'grant.late_confirmed':
      return ['waiting', [`${target} gave the access late; it is being taken back.`]];
    case 'grant.revoked': {
      const { lagSeconds, sessionsEnded } = event.data;
      const sessions = sessionsEnded === 0 ? '' : ` ${plural(sessionsEnded, 'open session')} ended.`;
      return [
        'ended',
        [{ strong: 'Access has ended.' }, ` Looked twice in ${target}: it is gone, ${lagText(lagSeconds)}.${sessions}`],
      ];
    }
    case 'revoke.seen_present':
      if (event.data.voided === undefined) return undefined;
      return ['alarm', [`${target} still shows the access. What was stated about it does not count any more.`]];
    case 'alarm.raised':
      if (event.data.code !== 'revoke_refused') return undefined;
      return [
        'alarm',
        [
          `${target} does not let Hallpass take the access back (${event.data.facts['fault']}). People were alarmed; Hallpass keeps trying.`,
        ],
      ];
    case 'grant.reappeared':
      return [
        'alarm',
        [{ strong: 'The access is back' }, ` in ${target} although this pass was over. Taking it back again.`],
      ];
    case 'grant.adopted':
      return [
        'alarm',
        [{ strong: 'Found' }, ` in ${target}: access that Hallpass gave and does not know any more. Taking it back…`],
      ];
    case 'grant.drifted':
      return [
        'alarm',
        [
          event.data.asApproved
            ? `What this role gives in ${target} is what was approved again.`
            : `What this role gives in ${target} is not what was approved any more.`,
        ],
      ];
    case 'revoke.spooled':
      return [
        event.data.seen === 'absent' ? 'ended' : 'alarm',
        [
          'While Hallpass could not write its log, it took the access back at ',
          { time: event.data.doneAt, show: 'date_time' },
          event.data.seen === 'absent' ? '; it was gone then.' : '; it could not see that it was gone then.',
        ],
      ];
    case 'grant.attested':
      return [
        'alarm',
        [
          personSpan(view.names, event.data.by),
          ' states that the access is gone.',
          ...(event.data.stillNeeded > 0 ? secondPerson(event, view) : []),
        ],
        event.text?.evidence,
      ];
    case 'grant.close_asked':
      return [
        'alarm',
        [
          'An operator at the command line states that the access is gone. Two different people of security have to look and state it: each types ',
          { code: closeCommand(event, view) },
          ' and what they looked at.',
        ],
        event.text?.evidence,
      ];
    case 'grant.force_closed':
      return [
        'alarm',
        ['Closed by hand by two people; Hallpass could not prove the end itself.'],
        event.text?.evidence,
      ];
  }
  return undefined;
}

function secondPerson(event: DomainEvent, view: RequestView): Rich {
  const command = { code: closeCommand(event, view) };
  return [' A second person of security has to state it too: type ', command, ' and what you looked at.'];
}

function closeCommand(event: DomainEvent, { catalog }: RequestView): string {
  return `${catalog.command} force-close ${event.subject.grant}`;
}

export function targetOf({ request, grants }: RequestView): string {
  if ('offer' in request) return request.offer.target;
  return grants[0]?.offer.target ?? 'the target';
}
