// What an operator of this machine may ask of a running Hallpass. Whoever can connect is its owner, who could also read its
// store and its keys: nothing here needs a group. Each order is in the log, as one of the command line.
import { z } from 'zod';
import { refusalText } from '../messages/refusals.ts';
import { confirmPerson } from '../operations/confirm-person.ts';
import { revokeFromHere } from '../operations/revoke-from-here.ts';
import type { Tools } from '../operations/tools.ts';
import { type RawRequest, type Refused, type Reply, type Route, type Verifier, verifier } from '../ports/route.ts';
import type { ControlStatus } from './status.ts';

/** Nothing in an answer is a secret; what is said is for the person at the command line. */
export interface ControlAnswer {
  readonly done: boolean;
  readonly says: string;
}

export interface ControlDesk {
  readonly tools: Tools;
  readonly status: () => Promise<ControlStatus>;
  /** True while nobody but the owner can have connected. */
  readonly isPrivate: () => boolean;
}

const Nothing = z.strictObject({});
const PersonOrder = z.strictObject({ person: z.string().min(1).max(100) });
const RevokeOrder = z.strictObject({ pass: z.string().min(1).max(100), why: z.string().trim().min(1).max(2000) });

export function controlRoutes(desk: ControlDesk): readonly Route[] {
  const { tools } = desk;
  return [
    route(desk, 'GET', '/status', Nothing, () => desk.status()),
    route(desk, 'POST', '/person/confirm', PersonOrder, async ({ person }) => confirmed(tools, person)),
    route(desk, 'POST', '/revoke', RevokeOrder, async ({ pass, why }) => revoked(tools, pass, why)),
  ];
}

export async function confirmed(tools: Tools, id: string): Promise<ControlAnswer> {
  switch (await confirmPerson(tools, id)) {
    case 'confirmed':
      return {
        done: true,
        says: `${id} is confirmed. The address in the chat profile is pinned when they next ask or decide.`,
      };
    case 'unknown':
      return { done: false, says: `There is no person ${id}. The id is in the alarm: person_ and 26 characters.` };
    case 'not_suspended':
      return { done: false, says: `${id} is not suspended; nothing was changed.` };
  }
}

export async function revoked(tools: Tools, id: string, why: string): Promise<ControlAnswer> {
  const outcome = await revokeFromHere(tools, id, why);
  if (outcome.kind === 'refused') return { done: false, says: refusalText(outcome.refusal, tools.catalog) };
  const { passes } = outcome;
  const rest = 'It is taken back now, and the thread says when it is gone.';
  return { done: true, says: `The end of ${passes.join(', ')} is ordered. ${rest}` };
}

function route<Order>(
  desk: ControlDesk,
  method: Route['method'],
  path: string,
  order: z.ZodType<Order>,
  answer: (order: Order) => Promise<object>,
): Route {
  const typed: Route<Order> = {
    method,
    path,
    verify: ownersOrder(desk, method, order),
    handle: async ({ payload }) => json(await answer(payload)),
  };
  return typed as Route;
}

/** The peer is the owner of the socket file, and what was sent is an order of this version. */
function ownersOrder<Order>(
  { isPrivate }: ControlDesk,
  method: Route['method'],
  order: z.ZodType<Order>,
): Verifier<RawRequest, Order> {
  return verifier('owner of the control socket', ({ body }): { admitted: Order } | Refused => {
    if (!isPrivate()) return { refused: 'socket_open_to_others', status: 403 };
    const read = order.safeParse(method === 'GET' ? {} : parsed(body));
    return read.success ? { admitted: read.data } : { refused: 'not_an_order', status: 400 };
  });
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function json(body: object): Reply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
