// What Slack may deliver, by transport-independent kind, with the checks that hold on every way in (threats A13, A19, B18).
// Only the four acting kinds can lead to a decision; all others are read-only by type (see events.ts).
import { foreignTo, type Identity } from './identity.ts';
import { EVENTS } from './manifest.ts';
import { type Fields, isFields } from './strict-body.ts';

type ActingKind = 'command' | 'block_actions' | 'view_submission' | 'message_action';
type TellingKind = 'block_suggestion' | 'event' | 'ignored';
/** How Slack packs it, which differs by transport and by this alone. */
export type Packing = 'command' | 'interactive' | 'event';

export interface SlackDelivery {
  readonly kind: ActingKind | TellingKind;
  readonly packing: Packing;
  /** As Slack sent it, without the old verification token: nobody can read what is not there (threat A14). */
  readonly body: Fields;
  /** Trigger or event id: the same for every copy of one click, whatever it is signed with. Searches have none. */
  readonly id: string | undefined;
}

/** A delivery that was let in, and what it was let in by: forgotten again when Slack is to repeat it. */
export interface Delivered {
  readonly what: 'delivery';
  readonly delivery: SlackDelivery;
  readonly letIn: string;
}

export type DeliveryFault =
  | 'wrong_app'
  | 'wrong_team'
  | 'wrong_enterprise'
  | 'bad_response_url'
  | 'no_delivery_id'
  | 'not_a_delivery';

const TYPES: ReadonlyMap<unknown, SlackDelivery['kind']> = new Map([
  ['block_actions', 'block_actions'],
  ['view_submission', 'view_submission'],
  ['message_action', 'message_action'],
  ['block_suggestion', 'block_suggestion'],
] as const);

/** `hosts` are those a `response_url` may point to: whatever else it names, we would call it for an attacker (A19). */
export function deliveryOf(
  body: Fields,
  us: Identity,
  hosts: readonly string[],
): { readonly delivery: SlackDelivery } | { readonly fault: DeliveryFault } {
  const sort = sortOf(body);
  if (sort === undefined) return { fault: 'not_a_delivery' };
  const { kind, packing } = sort;
  const foreign = foreignTo(us, body);
  if (foreign !== undefined) return { fault: foreign };
  if (body.response_url !== undefined && !allowed(body.response_url, hosts)) return { fault: 'bad_response_url' };
  const id = packing === 'event' ? body.event_id : body.trigger_id;
  if (kind !== 'block_suggestion' && kind !== 'ignored' && typeof id !== 'string') return { fault: 'no_delivery_id' };
  const { token: _, ...rest } = body;
  return { delivery: { kind, packing, body: rest, id: typeof id === 'string' ? `${kind}:${id}` : undefined } };
}

/** The hosts of `response_url`: Slack's own, or that of a configured API address (a Slack-compatible workspace). */
export function responseHosts(apiUrl: string | undefined): readonly string[] {
  return apiUrl === undefined ? ['https://hooks.slack.com'] : ['https://hooks.slack.com', new URL(apiUrl).origin];
}

function sortOf(body: Fields): Pick<SlackDelivery, 'kind' | 'packing'> | undefined {
  if (typeof body.command === 'string' && body.type === undefined) return { kind: 'command', packing: 'command' };
  if (typeof body.type !== 'string') return undefined;
  if (body.type !== 'event_callback') return { kind: TYPES.get(body.type) ?? 'ignored', packing: 'interactive' };
  const type = isFields(body.event) ? body.event.type : undefined;
  return { kind: EVENTS.includes(String(type)) ? 'event' : 'ignored', packing: 'event' };
}

function allowed(url: unknown, origins: readonly string[]): boolean {
  if (typeof url !== 'string' || !URL.canParse(url)) return false;
  const { origin, username, password } = new URL(url);
  return origins.includes(origin) && username === '' && password === '';
}
