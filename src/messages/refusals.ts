// Every "no" in words, each with a next step (law 7). A refusal without a sentence does not compile.
import type { Catalog } from '../core/catalog.ts';
import { formatDuration } from '../core/duration.ts';
import { knowsGrant } from '../core/known.ts';
import type { GrantStatus, HoldReason } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Note } from '../ports/document.ts';
import { list, note, shortened, UNKNOWN_STATUS } from './phrases.ts';
import { roleTitle } from './view.ts';

const TYPED_SHOWN = 40;

/** A few plain sentences: what is in the way, and what to do next. The reader need not be the one who asked. */
export function refusalText(refusal: Refusal, catalog: Catalog): string {
  const { command } = catalog;
  switch (refusal.code) {
    case 'not_a_member':
      return standingText(refusal.standing, catalog);
    case 'suspended':
      return 'Your account is suspended here: its e-mail address changed, or belongs to somebody else already. Ask the security team to look at it and to confirm who you are.';
    case 'facts_unavailable':
      return `Hallpass could not find out what it has to know about ${unknownText(refusal.what)}, so nothing was decided. Try again in a minute. If it stays like this, tell an operator to run “hallpass check”.`;
    case 'unknown_role':
      return `There is no role “${refusal.role}”. Type ${command} to see what you can ask for.`;
    case 'not_eligible':
      return eligibilityText(refusal, catalog);
    case 'reason_missing':
      return 'Say in a few words why you need it. Approvers read this.';
    case 'reason_too_long':
      return `The reason has ${refusal.length} characters, and ${refusal.limit} fit. Shorten it, or link to the ticket.`;
    case 'duration_missing':
      return 'Say for how long, for example 30m, 2h or 1h30m.';
    case 'duration_unclear':
      return `“${shortened(refusal.text, TYPED_SHOWN)}” is not a duration. Write it like 30m, 2h or 1h30m.`;
    case 'duration_too_short':
      return `The shortest time for this role is ${formatDuration(refusal.minSeconds)}. Choose that or more.`;
    case 'duration_too_long':
      return `The longest time for this role is ${formatDuration(refusal.maxSeconds)}. Choose that or less.`;
    case 'no_principal':
      return `Hallpass finds no account of yours to use in ${refusal.target}: ${sentence(refusal.why)} If that looks wrong, ask an operator to look at the “people” setting of this target.`;
    case 'already_live':
      return `This access is held already, as ${roleTitle(catalog, refusal.role)} (${refusal.grant}). To keep it longer, its holder can type ${command} extend ${refusal.grant} 30m; otherwise ask again when it has ended.`;
    case 'already_asked':
      return `You asked for this already (${refusal.request}), and it is still open. Wait for the answer, or withdraw it with the button on your card.`;
    case 'already_has_access':
      return `You have this access in ${refusal.target} already, and not from Hallpass. Use it as it is. If it should not stand for ever, tell the security team.`;
    case 'nobody_can_approve':
      return approversText(refusal.groups);
    case 'channel_shared':
      return 'The reviewer channel is shared with another organisation, and people there could press the buttons. Nothing is posted or decided there. Ask an operator to choose another channel.';
    case 'target_unreachable':
      return `${refusal.target} did not answer for several minutes, so nobody was asked. Try again later.`;
    case 'target_refused':
      return `${refusal.target} does not let Hallpass do this. Tell an operator to run “hallpass check”, then try again.`;
    case 'extension_too_long':
      return 'That is past the longest time this role may last. Ask for less, or ask for a new pass when this one has ended.';
    case 'not_live':
      return notLiveText(refusal.status, command);
    case 'access_held':
      return heldText(refusal.target, refusal.why);
    case 'not_overdue':
      return 'Only a pass that is overdue can be closed by hand: this one is still being ended in the ordinary way. Wait for the alarm, or end the access in the target; Hallpass then sees that it is gone.';
    case 'unknown_request':
      return `There is no such request. Type ${command} list to see yours.`;
    case 'unknown_pass':
      return `There is no such live pass. Type ${command} list to see yours.`;
    case 'wrong_status':
      return 'This was decided or has ended already, so nothing was changed. Look at the card: it shows how things stand now.';
    case 'outdated':
      return 'The card you pressed is not the present one, so nothing was decided. Look at the current card and press there.';
    case 'lapsed':
      return 'This request waited too long and has lapsed. Whoever needs the access can ask again.';
    case 'own_request':
      return 'You cannot decide your own request. Ask somebody else who may approve it.';
    case 'already_approved':
      return 'You approved this already, and a person counts once. Wait for the others, or ask one of them.';
    case 'not_an_approver':
      return undecidedText(refusal.groups);
    case 'not_yours':
      return 'Only the person it belongs to can do that, so nothing was changed. Ask them, or the security team when it is urgent.';
    case 'not_security':
      return `Only people in ${refusal.group} can do that. In an emergency, reach them directly.`;
    case 'requester_cannot':
      return `This cannot be given now, so nothing was decided. The requester would hear: “${refusalText(refusal.why, catalog)}” Deny it, or let it lapse.`;
    case 'second_person_missing':
      return `Closing a pass by hand takes two different people. Ask a second person in ${catalog.security} to confirm what you saw.`;
    case 'not_due':
      return 'It is too early for that, so nothing was changed. Try again later.';
    case 'note_missing':
      return 'Write a few words. The other side reads them.';
  }
}

function standingText(standing: 'guest' | 'stranger' | 'bot' | 'deactivated', catalog: Catalog): string {
  switch (standing) {
    case 'guest':
      return `Guests cannot ask for access or decide about it. Ask a full member of ${catalog.organization} to do it.`;
    case 'stranger':
      return `Only people of ${catalog.organization} can ask for access or decide about it. Ask one of them to do it.`;
    case 'bot':
      return 'Bots and workflows cannot ask for access or decide about it. Ask a person to do it.';
    case 'deactivated':
      return 'This account is deactivated, so it cannot ask for access or decide about it. If that is a mistake, ask an administrator to activate it again.';
  }
}

function unknownText(what: 'person' | 'group' | 'target' | 'policy'): string {
  switch (what) {
    case 'person':
      return 'the person';
    case 'group':
      return 'the groups or the channel';
    case 'target':
      return 'the target';
    case 'policy':
      return 'the policy of this role';
  }
}

/** An empty list means nobody (threat B16), and is said as such. */
function eligibilityText(refusal: Extract<Refusal, { code: 'not_eligible' }>, catalog: Catalog): string {
  const title = roleTitle(catalog, refusal.role);
  if (refusal.groups.length === 0)
    return `Nobody may ask for ${title} at present. If somebody should, ask an operator to name the groups.`;
  return `${title} is for ${list(refusal.groups, 'or')}. Ask an operator to add you, or choose another role.`;
}

function approversText(groups: readonly string[]): string {
  if (groups.length === 0) return 'Nobody may approve this at present. Ask an operator to name approvers for the role.';
  return `Too few people besides you could approve this: it needs ${list(groups, 'or')}. Ask an operator to add approvers.`;
}

function undecidedText(groups: readonly string[]): string {
  if (groups.length === 0)
    return 'Nobody may decide this at present, so nothing was changed. Ask an operator to name approvers for the role.';
  return `Only people in ${list(groups, 'or')} can decide this now, so nothing was changed. Ask one of them to look at it.`;
}

function notLiveText(status: GrantStatus, command: string): string {
  if (!knowsGrant(status)) return `This pass is ${UNKNOWN_STATUS}. Ask an operator to put the newer version back.`;
  switch (status) {
    case 'scheduled':
    case 'granting':
      return 'This pass is not live yet. Wait until its card says that it is active.';
    case 'active':
    case 'revoking':
    case 'revoked':
    case 'force_closed':
    case 'failed':
      return `This pass is not live any more. Type ${command} to ask for a new one.`;
    case 'extending':
      return 'This pass is being extended at this moment. Wait until its card shows the new end, then try again.';
  }
}

function heldText(target: string, why: HoldReason): string {
  const where = target === '*' ? 'anywhere' : `in ${target}`;
  switch (why) {
    case 'rolled_back':
      return `Hallpass gives nothing new ${where} for now: its store was put back to an earlier state, and what is in the target is looked at first. Access that is live ends on time. Try again in a few minutes, or ask the security team.`;
    case 'unchecked':
      return `Hallpass gives nothing new ${where} for now: it cannot tell yet whether its store is in its last state, because the audit channel could not be read. Access that is live ends on time. Try again in a few minutes, or ask an operator.`;
    case 'target_removed':
      return `Hallpass gives nothing new ${where} for now: a target with live passes is missing from the configuration. Access elsewhere ends on time. Ask an operator to put the target back.`;
  }
}

/** Other people's words (an adapter's) with exactly one full stop. */
function sentence(words: string): string {
  return `${words.trim().replace(/[.\s]+$/, '')}.`;
}

export function refusalNote(
  refusal: Refusal,
  catalog: Catalog,
  about: { readonly what: string; readonly role?: string },
): Note {
  const title =
    about.role === undefined
      ? []
      : [[{ strong: `Your request for ${roleTitle(catalog, about.role)} was not passed on.` }]];
  return note('bad', ...title, [refusalText(refusal, catalog)]);
}
