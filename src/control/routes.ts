// What an operator of this machine may ask of a running Hallpass. Whoever can connect is its owner, who could also read its
// store and its keys: nothing here needs a group. Each order is in the log, as one of the command line.
import { z } from 'zod';
import type { Tools } from '../operations/tools.ts';
import { type RawRequest, type Refused, type Reply, type Route, type Verifier, verifier } from '../ports/route.ts';
import { closeAsked, confirmed, revoked } from './answers.ts';
import type { ControlStatus } from './status.ts';

export interface ControlDesk {
  readonly tools: Tools;
  readonly status: () => Promise<ControlStatus>;
  /** True while nobody but the owner can have connected. */
  readonly isPrivate: () => boolean;
}

const Nothing = z.strictObject({});
const PersonOrder = z.strictObject({ person: z.string().min(1).max(100) });
const CloseOrder = z.strictObject({ pass: z.string().min(1).max(100), evidence: z.string().trim().min(1).max(4000) });
const RevokeOrder = z.strictObject({ pass: z.string().min(1).max(100), why: z.string().trim().min(1).max(2000) });

export function controlRoutes(desk: ControlDesk): readonly Route[] {
  const { tools } = desk;
  return [
    route(desk, 'GET', '/status', Nothing, () => desk.status()),
    route(desk, 'POST', '/person/confirm', PersonOrder, async ({ person }) => confirmed(tools, person)),
    route(desk, 'POST', '/force-close', CloseOrder, async ({ pass, evidence }) => closeAsked(tools, pass, evidence)),
    route(desk, 'POST', '/revoke', RevokeOrder, async ({ pass, why }) => revoked(tools, pass, why)),
  ];
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
