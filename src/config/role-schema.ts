// The entries of the catalog in the file: groups of people and roles, with their stages of approval.
import { z } from 'zod';
import { CHANNEL_ID, Channel, duration, Line, UNSEEN } from './text-schema.ts';

/** Slack shows at most 75 characters of an option: https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const TITLE_MAX_CHARACTERS = 75;
const DEFAULT_PENDING_SECONDS = 8 * 3_600;

const GroupName = z.string();

const Email = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/, 'this is not an e-mail address')
  .transform((text) => text.toLowerCase());

export const Group = z
  .strictObject({
    members: z
      .array(Email)
      .optional()
      .meta({ description: 'E-mail addresses, as in their Slack profiles', examples: [['ana@acme.test']] }),
    slack_usergroup: z
      .string()
      .regex(/^S[A-Z0-9]{4,}$/, 'a Slack user group is given by its id, which begins with S')
      .optional()
      .meta({
        description:
          'Id of a Slack user group. To copy it: More → People → User groups, open the group, ⋮ → Copy group ID',
        examples: ['S012AB3CD'],
      }),
  })
  .describe('A set of people: those listed and those in the Slack user group. A group without any is nobody');

const Stage = z
  .strictObject({
    from: z
      .array(GroupName)
      .min(1)
      .meta({ description: 'Groups whose members may approve at this stage', examples: [['dbas']] }),
    count: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .meta({ description: 'How many different people have to approve', examples: [1] }),
  })
  .describe('One stage of approval. Stages are passed in order');

export const Role = z
  .strictObject({
    title: Line.max(TITLE_MAX_CHARACTERS).meta({
      description: 'What people read and pick from the list',
      examples: ['Read production data'],
    }),
    description: z
      .string()
      .trim()
      .max(300)
      .regex(/^[^\p{Cf}]*$/u, UNSEEN)
      .optional()
      .meta({ description: 'One or two sentences about what it is for', examples: ['Read-only login to all tables'] }),
    target: z.string().meta({ description: 'Name of the target that access is given in', examples: ['prod-db'] }),
    grant: z.looseObject({}).meta({
      description: "What is granted there, in the words of the target's adapter",
      examples: [{ role: 'readonly' }],
    }),
    risk: z
      .enum(['low', 'medium', 'high', 'critical'])
      .default('medium')
      .meta({ description: 'Shown on the card', examples: ['medium'] }),
    who: z
      .array(GroupName)
      .min(1)
      .meta({ description: 'Groups whose members may ask', examples: [['engineers']] }),
    duration: z
      .strictObject({
        min: duration('Shortest duration that can be asked for; 5m when left out', '5m').optional(),
        default: duration('Duration when none is asked for', '1h'),
        max: duration('Longest duration that can be asked for', '4h'),
      })
      .meta({ description: 'How long access may last', examples: [{ default: '1h', max: '4h' }] }),
    reviewers: Channel.optional().meta({
      description: `Channel where cards are posted; without it approvers are told privately. ${CHANNEL_ID}`,
      examples: ['slack:C0DBREV'],
    }),
    approval: z
      .array(Stage)
      .min(1)
      .meta({ description: 'Who has to approve, stage by stage', examples: [[{ from: ['dbas'], count: 1 }]] }),
    pending: duration('A request that nobody decided lapses after this long; 8h when left out', '8h').default(
      DEFAULT_PENDING_SECONDS,
    ),
    requires: z
      .array(z.enum(['reason']))
      .default(['reason'])
      .meta({ description: 'What a request has to bring besides approval', examples: [['reason']] }),
  })
  .describe('A catalog entry that people can ask for');
