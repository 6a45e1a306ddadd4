// The holder's private card minutes before the end. It follows the pass: when that has ended, the buttons are gone.
import type { Card } from '../ports/document.ts';
import { passButtons, requestCard } from './card.ts';
import type { RequestView } from './view.ts';

export function expiryCard(view: RequestView): Card {
  const now = requestCard(view, 'requester');
  const grant = view.grants[0];
  const isLive = grant?.status === 'active' || grant?.status === 'extending';
  if (!grant || !isLive) return { ...now, facts: now.facts.slice(0, 2), notes: [], buttons: [] };
  return {
    kind: 'card',
    title: `Ends soon: ${now.title}`,
    tone: 'waiting',
    status: [
      'Your pass ends at ',
      { time: grant.expiresAt, show: 'time' },
      '. Extend it if you need more time, or give it back when you are done.',
    ],
    facts: now.facts.slice(0, 2),
    notes: [],
    buttons: grant.status === 'active' ? passButtons(grant) : [],
  };
}
