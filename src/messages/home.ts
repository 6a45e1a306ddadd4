// A person's own page: my passes, requests waiting for me, what I can ask for.
import type { Catalog, Role } from '../core/catalog.ts';
import { buttonValue } from '../core/digest.ts';
import { formatDuration } from '../core/duration.ts';
import type { AccessRequest, Grant, Instant } from '../core/model.ts';
import type { Button, Home, Rich } from '../ports/document.ts';
import { passLine, requestLine } from './answers.ts';
import { passButtons } from './card-buttons.ts';
import { shortened, stagesText } from './phrases.ts';
import { type Names, personSpan, roleTitle } from './view.ts';

export interface HomeView {
  readonly catalog: Catalog;
  readonly mine: readonly AccessRequest[];
  readonly passes: readonly Grant[];
  readonly pending: readonly AccessRequest[];
  readonly roles: readonly Role[];
  readonly names: Names;
  readonly now: Instant;
  /** Some group could not be read just now. */
  readonly isIncomplete?: boolean;
}

type Item = Home['sections'][number]['items'][number];

const ROLES_SHOWN = 20;
const REASON_SHOWN = 300;

export function homePage(view: HomeView): Home {
  const { catalog, passes, pending, roles } = view;
  const waiting = view.mine.filter((request) => request.status === 'pending' || request.status === 'evaluating');
  return {
    intro: [
      ['Access for a while, approved by people, taken back by itself.'],
      ...(view.isIncomplete ? [['Not all groups could be read just now, so something may be missing here.']] : []),
    ],
    buttons: [{ action: 'ask', label: 'Ask for access', value: '-', style: 'primary' }],
    sections: [
      {
        title: 'My passes',
        empty: 'You hold no passes.',
        items: [
          ...passes.map((grant) => passItem(grant, catalog)),
          ...waiting.map((request) => waitingItem(request, catalog)),
        ],
      },
      {
        title: 'Waiting for me',
        empty: 'Nothing waits for your decision.',
        items: pending.map((request) => pendingItem(request, view)),
      },
      {
        title: 'What I can ask for',
        empty: 'There is nothing you can ask for yet. Ask an operator to add you to a group that may.',
        items: roles.slice(0, ROLES_SHOWN).map((role) => roleItem(role)),
      },
    ],
  };
}

function passItem(grant: Grant, catalog: Catalog): Item {
  return { lines: [passLine(grant, catalog)], buttons: passButtons(grant) };
}

function waitingItem(request: AccessRequest, catalog: Catalog): Item {
  const withdraw: Button = {
    action: 'withdraw',
    label: 'Withdraw',
    value: buttonValue(request.id, 0, '-'),
    style: 'plain',
  };
  return { lines: [requestLine(request, catalog)], buttons: [withdraw] };
}

function pendingItem(request: AccessRequest, view: HomeView): Item {
  const line: Rich = [
    personSpan(view.names, request.requester),
    ' asks for ',
    { strong: roleTitle(view.catalog, request.role) },
    ` for ${formatDuration(request.durationSeconds)}`,
  ];
  if (request.status !== 'pending') return { lines: [line], buttons: [] };
  const value = buttonValue(request.id, request.revision, request.digest);
  const buttons: readonly Button[] = [
    { action: 'approve', label: 'Approve', value, style: 'primary' },
    { action: 'deny', label: 'Deny…', value, style: 'danger' },
    { action: 'details', label: 'Details', value, style: 'plain' },
  ];
  return { lines: request.reason === '' ? [line] : [line, [`“${shortened(request.reason, REASON_SHOWN)}”`]], buttons };
}

function roleItem(role: Role): Item {
  const line: Rich = [
    { strong: role.title },
    ` in ${role.target} · up to ${formatDuration(role.duration.maxSeconds)} · needs ${stagesText(role.stages)}`,
  ];
  return { lines: [line], buttons: [{ action: 'ask', label: 'Ask', value: role.name, style: 'plain' }] };
}
