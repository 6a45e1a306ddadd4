// Every "no" in words, each with a next step (law 7). A refusal without a sentence does not compile.
import type { Catalog } from '../core/catalog.ts';
import { formatDuration } from '../core/duration.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Note } from '../ports/document.ts';
import { list, note } from './phrases.ts';
import { roleTitle } from './view.ts';

/** One or two plain sentences: what is in the way, and what to do next. */
export function refusalText(refusal: Refusal, catalog: Catalog): string {
  const { command } = catalog;
  switch (refusal.code) {
    case 'not_a_member':
      return standingText(refusal.standing, catalog);
    case 'suspended':
      return 'Your e-mail address changed since Hallpass first knew you, so your account is suspended here until somebody has looked. Ask the security team to confirm your account.';
    case 'facts_unavailable':
      return `Hallpass could not find out what it must know about the ${refusal.what === 'person' ? 'person' : refusal.what === 'group' ? 'groups or the channel' : 'target'}, so nothing was decided. Try again in a minute; if it stays so, tell an operator to run “hallpass check”.`;
    case 'unknown_role':
      return `There is no role “${refusal.role}”. Type ${command} to see what you can ask for.`;
    case 'not_eligible':
      return `${roleTitle(catalog, refusal.role)} is for ${list(refusal.groups, 'or')}. Ask to join one of these groups, or type ${command} why ${refusal.role} to see who decides.`;
    case 'reason_missing':
      return 'Say in a few words why you need it; approvers read this.';
    case 'reason_too_long':
      return `The reason has ${refusal.length} characters, and ${refusal.limit} fit. Shorten it, or link to the ticket.`;
    case 'duration_missing':
      return 'Say for how long, for example 30m, 2h or 1h30m.';
    case 'duration_unclear':
      return `“${refusal.text.slice(0, 40)}” is not a duration. Write it like 30m, 2h or 1h30m.`;
    case 'duration_too_short':
      return `The shortest time for this role is ${formatDuration(refusal.minSeconds)}.`;
    case 'duration_too_long':
      return `The longest time for this role is ${formatDuration(refusal.maxSeconds)}. Ask for less; you can extend before it ends.`;
    case 'no_principal':
      return `You have no account that Hallpass can use in ${refusal.target}: ${refusal.why}. Ask an operator to add you there or to the “people” map of this target.`;
    case 'already_live':
      return `You hold this access already (${refusal.grant}, ${roleTitle(catalog, refusal.role)}). Type ${command} extend ${refusal.grant} 30m to get more time.`;
    case 'already_asked':
      return `You asked for this already (${refusal.request}), and it is still open. Wait for the answer, or withdraw it with the button on your card.`;
    case 'already_has_access':
      return `You have this access in ${refusal.target} already, and Hallpass did not give it. Just use it; if it should not stand for ever, tell the security team.`;
    case 'nobody_can_approve':
      return `Nobody but you could approve this: ${list(refusal.groups, 'or')} has too few people. Ask an operator to add approvers.`;
    case 'channel_shared':
      return 'The reviewer channel is shared with another organisation, and people there could press the buttons. Nothing is posted or decided there. Ask an operator to choose another channel.';
    case 'target_unreachable':
      return `${refusal.target} did not answer for several minutes, so nothing was asked of anybody. Try again later.`;
    case 'target_refused':
      return `${refusal.target} does not let Hallpass do this. Tell an operator to run “hallpass check”.`;
    case 'extension_too_long':
      return 'That is past the longest time this role may last. Ask for less, or ask for a new pass when this one has ended.';
    case 'not_live':
      return `This pass is not live any more. Type ${command} to ask for a new one.`;
    case 'unknown_request':
      return `There is no such request. Type ${command} list to see yours.`;
    case 'unknown_pass':
      return `There is no such live pass. Type ${command} list to see yours.`;
    case 'wrong_status':
      return 'This was decided or has ended already; the card shows how it stands now.';
    case 'outdated':
      return 'The card you pressed is not the present one, so nothing was decided. Look at the current card and press there.';
    case 'lapsed':
      return 'This request waited too long and has lapsed. The requester can ask again.';
    case 'own_request':
      return 'You cannot decide your own request. Somebody else of the approvers has to.';
    case 'already_approved':
      return 'You approved this already; a person counts once. Others still have to.';
    case 'not_an_approver':
      return `You cannot decide this now: it needs ${list(refusal.groups, 'or')}. Nothing was changed.`;
    case 'not_yours':
      return 'This is not yours: only the person it belongs to can do that.';
    case 'not_security':
      return `Only ${refusal.group} may do that. In an emergency, reach them directly.`;
    case 'not_due':
      return 'It is too early for that. Nothing was changed.';
    case 'note_missing':
      return 'Write a few words; the other side reads them.';
  }
}

function standingText(standing: 'guest' | 'stranger' | 'bot' | 'deactivated', catalog: Catalog): string {
  switch (standing) {
    case 'guest':
      return `Guests cannot ask for or decide about access. Ask a full member of ${catalog.organization}.`;
    case 'stranger':
      return `Only people of ${catalog.organization} can ask for or decide about access.`;
    case 'bot':
      return 'Bots and workflows cannot ask for or decide about access.';
    case 'deactivated':
      return 'This account is deactivated, so it cannot ask for or decide about access.';
  }
}

export function refusalNote(
  refusal: Refusal,
  catalog: Catalog,
  about: { readonly what: string; readonly role?: string },
): Note {
  const title = about.role === undefined ? [] : [[{ strong: `${roleTitle(catalog, about.role)}: not asked for.` }]];
  return note('bad', ...title, [refusalText(refusal, catalog)]);
}
