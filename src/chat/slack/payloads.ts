// As much of Slack's payloads as is read, parsed once at the edge. Unknown fields are dropped: Slack adds some every month.
// docs.slack.dev/reference/interaction-payloads, /interactivity/implementing-slash-commands
import { z } from 'zod';

const id = z.string().min(1);
const person = z.object({ id, team_id: id.nullish() });
const team = z.object({ id }).nullish();

const elementState = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
const view = z.object({
  id,
  type: z.string(),
  hash: z.string().nullish(),
  callback_id: z.string(),
  private_metadata: z.string(),
  blocks: z.array(z.object({ type: z.string(), block_id: z.string().optional() })),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), elementState)) }).nullish(),
});
export type View = z.infer<typeof view>;

export const Slash = z.object({
  command: z.string(),
  text: z.string().default(''),
  team_id: id,
  user_id: id,
  channel_id: id,
  trigger_id: id,
  response_url: z.string().optional(),
});
export type Slash = z.infer<typeof Slash>;

export const BlockActions = z.object({
  user: person,
  team,
  channel: z.object({ id }).nullish(),
  container: z
    .object({
      type: z.string(),
      message_ts: id.optional(),
      thread_ts: id.optional(),
      is_ephemeral: z.boolean().optional(),
    })
    .nullish(),
  view: view.nullish(),
  trigger_id: id,
  response_url: z.string().optional(),
  actions: z
    .array(z.object({ type: z.string(), action_id: z.string(), block_id: z.string(), value: z.string().optional() }))
    .min(1),
});
export type BlockActions = z.infer<typeof BlockActions>;

export const Submission = z.object({ user: person, team, trigger_id: id, view });
export type Submission = z.infer<typeof Submission>;

export const MessageAction = z.object({
  callback_id: z.string(),
  user: person,
  team,
  channel: z.object({ id }),
  message_ts: id,
  message: z.object({ text: z.string().nullish() }).nullish(),
  trigger_id: id,
  response_url: z.string().optional(),
});
export type MessageAction = z.infer<typeof MessageAction>;

export const Suggestion = z.object({ user: person, team, block_id: z.string(), value: z.string() });
export type Suggestion = z.infer<typeof Suggestion>;

const channelId = z.union([id, z.object({ id }).transform((channel) => channel.id)]);

/** An event, less what it is about: each type names that in its own way. */
export const EventBody = z.object({
  team_id: id.nullish(),
  event: z.object({
    type: z.string(),
    tab: z.string().optional(),
    user: channelId.optional(),
    channel: channelId.optional(),
    old_channel_id: id.optional(),
    subteam_id: id.optional(),
    subteam: z.object({ id }).optional(),
    tokens: z.object({ bot: z.array(z.string()).optional() }).optional(),
  }),
});
export type EventBody = z.infer<typeof EventBody>;
