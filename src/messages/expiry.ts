// The holder's private card minutes before the end. It follows the pass: when that has ended, the buttons are gone.
import type { Grant } from '../core/model.ts';
import type { Card, Rich } from '../ports/document.ts';
import { requestCard } from './card.ts';
import { passButtons } from './card-buttons.ts';
import { endSpan, timeSpan } from './phrases.ts';
import type { RequestView } from './view.ts';

export function expiryCard(view: RequestView): Card {
  const now = requestCard(view, 'requester');
  const grant = view.grants[0];
  const facts = now.facts.slice(0, 2);
  if (grant?.status !== 'active' && grant?.status !== 'extending') return { ...now, facts, notes: [], buttons: [] };
  return {
    kind: 'card',
    // Extended after the warning: it does not end soon any more.
    title: grant.warned ? `Ends soon: ${now.title}` : now.title,
    tone: 'waiting',
    status: endsText(grant),
    facts,
    notes: [],
    buttons: passButtons(grant),
  };
}

function endsText(grant: Extract<Grant, { status: 'active' | 'extending' }>): Rich {
  const ends: Rich = ['Your pass ends at ', endSpan(grant)];
  if (grant.status === 'extending')
    return [
      ...ends,
      '. More time is approved; it is being extended until ',
      timeSpan(grant.until, grant.orderedAt),
      '.',
    ];
  return [...ends, '. Extend it if you need more time, or give it back when you are done.'];
}
