// What can be pressed on a card, only while it makes sense. A button carries ids and a digest; nothing in it is trusted.
import { buttonValue } from '../core/digest.ts';
import type { AccessRequest, Grant } from '../core/model.ts';
import type { Button } from '../ports/document.ts';

export function reviewButtons(request: AccessRequest): readonly Button[] {
  if (request.status !== 'pending') return [detailsOf(request)];
  const value = buttonValue(request.id, request.revision, request.digest);
  return [
    { action: 'approve', label: 'Approve', value, style: 'primary' },
    { action: 'deny', label: 'Deny…', value, style: 'danger' },
    button('comment', 'Ask a question…', value),
    button('details', 'Details', value),
  ];
}

/** What the requester can do: withdraw while it waits, extend or return while the pass lives. */
export function ownButtons(request: AccessRequest, pass: Grant | undefined): readonly Button[] {
  if (request.status !== 'pending') return [...(pass ? passButtons(pass) : []), detailsOf(request)];
  const value = buttonValue(request.id, 0, '-');
  return [button('withdraw', 'Withdraw', value), button('comment', 'Add a comment…', value), detailsOf(request)];
}

/** What a holder can do with a live pass; the same everywhere it is shown, and nothing once it is ending. */
export function passButtons(grant: Grant): readonly Button[] {
  if (grant.status !== 'active' && grant.status !== 'extending') return [];
  const value = buttonValue(grant.id, 0, '-');
  const confirm = {
    title: 'Give it back now?',
    text: 'The access ends at once. You can ask again at any time.',
    yes: 'Give it back',
    no: 'Keep it',
  };
  const giveBack: Button = { action: 'return', label: 'Return now', value, style: 'plain', confirm };
  if (grant.status === 'extending') return [giveBack];
  return [{ action: 'extend', label: 'Extend…', value, style: 'primary' }, giveBack];
}

function detailsOf(request: AccessRequest): Button {
  return button('details', 'Details', buttonValue(request.id, 0, '-'));
}

function button(action: Button['action'], label: string, value: string): Button {
  return { action, label, value, style: 'plain' };
}
