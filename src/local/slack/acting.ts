// What all acts share: who acts, what they may see, how a payload is sent and the app's answer becomes an outcome.
import { CannotAct } from './cannot-act.ts';
import type { Parcel } from './carry.ts';
import type { OptionShown, Undelivered } from './control-api.ts';
import { channelForPerson } from './conversations.ts';
import type { Deliverer } from './deliver.ts';
import { type Fields, fieldsOf, isFields, textOf } from './fields.ts';
import type { Channel, Delivery, User, View } from './records.ts';
import type { State } from './state.ts';
import { openViews } from './views.ts';

export interface Stage {
  readonly state: State;
  readonly deliverer: Deliverer;
}

export interface ActOptions {
  /** Changes the payload before it is sent: what a manipulated client or another app could send. */
  readonly alter?: (payload: Fields) => Fields;
}

/** What came of an act. `view` is the topmost open view at that moment. */
export interface Outcome {
  readonly acked: boolean;
  readonly status: number | Undelivered;
  readonly body: unknown;
  readonly ms: number;
  readonly failure?: string;
  readonly fieldErrors?: Readonly<Record<string, string>>;
  readonly options?: readonly OptionShown[];
  readonly optionGroups?: readonly { readonly label: OptionShown['text']; readonly options: readonly OptionShown[] }[];
  readonly view: View | null;
  /** What was delivered; for `redeliver`. Absent when nothing was sent. */
  readonly delivery?: Delivery;
}

export async function send(stage: Stage, parcel: Parcel, options: ActOptions): Promise<Delivery> {
  const payload = options.alter ? options.alter(parcel.payload) : parcel.payload;
  return stage.deliverer.deliver({ ...parcel, payload });
}

export function outcome(
  state: State,
  user: User,
  delivery: Delivery,
  extra: Pick<Partial<Outcome>, 'failure' | 'fieldErrors' | 'options' | 'optionGroups'> = {},
): Outcome {
  const { acked, body, ms } = delivery;
  const status = delivery.status === 'running' ? 'timeout' : delivery.status;
  const failure = extra.failure ?? (acked ? undefined : deliveryFailure(status));
  const view = topView(state, user.id);
  return { acked, status, body, ms, ...extra, ...(failure !== undefined && { failure }), view, delivery };
}

/** In Slack's words: `operation_timeout` after 3 s, `dispatch_failed` for everything else. */
export function deliveryFailure(status: number | Undelivered): string {
  return status === 'timeout' ? 'operation_timeout' : 'dispatch_failed';
}

export function notSent(
  state: State,
  user: User,
  extra: Pick<Partial<Outcome>, 'failure' | 'fieldErrors'> = {},
): Outcome {
  return { acked: false, status: 'not_sent', body: undefined, ms: 0, ...extra, view: topView(state, user.id) };
}

export function topView(state: State, user: string): View | null {
  return openViews(state, user).at(-1) ?? null;
}

export function actor(state: State, id: string): User {
  const user = state.users.get(id);
  if (!user || user.id === state.app.botUserId) throw new CannotAct('unknown_user', id);
  if (user.deleted) throw new CannotAct('user_deactivated', id);
  return user;
}

/** Commands, shortcuts and the app's home are for the installing workspace only; buttons are not. */
export function refuseStranger(state: State, user: User): void {
  if (user.team_id !== state.team.id) throw new CannotAct('not_available_to_guests_of_other_companies', user.id);
}

export function visibleChannel(state: State, user: User, id: string): Channel {
  const channel = channelForPerson(state, user.id, id);
  if (!channel) throw new CannotAct('channel_not_found', `${id} for ${user.id}`);
  return channel;
}

/** What the app answered, as fields; anything else counts as nothing. */
export function answerFields(delivery: Delivery): Fields {
  return isFields(delivery.body) ? delivery.body : {};
}

export function responseAction(answer: Fields): {
  readonly action: string | undefined;
  readonly view: Fields | undefined;
} {
  return { action: textOf(answer, 'response_action'), view: fieldsOf(answer, 'view') };
}
