// The bodies of the control API as they come in over HTTP; each schema is held to its type in control-api.ts.
import { z } from 'zod';
import type {
  Answer,
  ClickBody,
  ClickInHomeBody,
  ClickInViewBody,
  CloseViewBody,
  OpenHomeBody,
  SayBody,
  ShortcutBody,
  SlashBody,
  SubmitViewBody,
  SuggestBody,
} from './control-api.ts';

const text = z.string().max(40_000);
const id = z.string().min(1).max(255);
const answer = z.union([text, z.array(text).max(100), z.null()]) satisfies z.ZodType<Answer>;
const answers = z.record(id, answer);
const element = { as: id, actionId: id, blockId: id.exactOptional(), value: answer.exactOptional() };

export const slashBody = z.strictObject({
  as: id,
  channel: id,
  command: id,
  text,
}) satisfies z.ZodType<SlashBody>;

export const sayBody = z.strictObject({
  as: id,
  channel: id,
  text: text.min(1),
  thread: id.exactOptional(),
}) satisfies z.ZodType<SayBody>;

export const clickBody = z.strictObject({ ...element, channel: id, ts: id }) satisfies z.ZodType<ClickBody>;

export const clickInViewBody = z.strictObject({
  ...element,
  values: answers.exactOptional(),
}) satisfies z.ZodType<ClickInViewBody>;

export const clickInHomeBody = z.strictObject(element) satisfies z.ZodType<ClickInHomeBody>;

export const suggestBody = z.strictObject({
  as: id,
  actionId: id,
  blockId: id,
  value: text,
  channel: id.exactOptional(),
  ts: id.exactOptional(),
}) satisfies z.ZodType<SuggestBody>;

export const submitViewBody = z.strictObject({ as: id, values: answers }) satisfies z.ZodType<SubmitViewBody>;

export const closeViewBody = z.strictObject({
  as: id,
  all: z.boolean().exactOptional(),
}) satisfies z.ZodType<CloseViewBody>;

export const shortcutBody = z.strictObject({
  as: id,
  callbackId: id,
  channel: id,
  ts: id,
}) satisfies z.ZodType<ShortcutBody>;

export const openHomeBody = z.strictObject({
  as: id,
  tab: z.enum(['home', 'messages']).exactOptional(),
}) satisfies z.ZodType<OpenHomeBody>;
