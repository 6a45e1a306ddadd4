// The bodies of the control API as they come in over HTTP; each schema is held to the contract in control-api.ts.
import { z } from 'zod';
import type { Answer, ControlRoutes } from './control-api.ts';

export type PostRoute = Extract<keyof ControlRoutes, `POST ${string}`>;

const text = z.string().max(40_000);
const id = z.string().min(1).max(255);
const answer: z.ZodType<Answer> = z.union([text, z.array(text).max(100), z.null()]);
const answers = z.record(id, answer);
const element = { as: id, actionId: id, blockId: id.exactOptional(), value: answer.exactOptional() };

export const BODIES: { readonly [Route in PostRoute]: z.ZodType<ControlRoutes[Route]['body']> } = {
  'POST /local/slash': z.strictObject({ as: id, channel: id, command: id, text }),
  'POST /local/say': z.strictObject({ as: id, channel: id, text: text.min(1), thread: id.exactOptional() }),
  'POST /local/click': z.strictObject({ ...element, channel: id, ts: id }),
  'POST /local/view/click': z.strictObject({ ...element, values: answers.exactOptional() }),
  'POST /local/home/click': z.strictObject(element),
  'POST /local/suggest': z.strictObject({
    as: id,
    actionId: id,
    blockId: id,
    value: text,
    channel: id.exactOptional(),
    ts: id.exactOptional(),
  }),
  'POST /local/view/submit': z.strictObject({ as: id, values: answers }),
  'POST /local/view/close': z.strictObject({ as: id, all: z.boolean().exactOptional() }),
  'POST /local/shortcut': z.strictObject({ as: id, callbackId: id, channel: id, ts: id }),
  'POST /local/home/open': z.strictObject({ as: id, tab: z.enum(['home', 'messages']).exactOptional() }),
};
