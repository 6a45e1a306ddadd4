// The verifier of the HTTP route: raw request → verified delivery, or the reason why not (threats A01–A15, A19, A20).
// The order is the point: who sent it, then whether it was here before, then what it says, then whom it is for.
import type { Clock } from '../../ports/clock.ts';
import { type RawRequest, type Refused, type Verifier, verifier } from '../../ports/route.ts';
import { type Delivered, deliveryOf, type Packing } from './delivery.ts';
import type { Identity } from './identity.ts';
import type { Recent } from './recent.ts';
import type { signatureCheck } from './signature.ts';
import { BodyError, type Fields, readForm, readJson, textOf } from './strict-body.ts';

/** What Slack sends besides deliveries: a probe of the address when it is configured, and one of its certificate. */
export type SlackRequest =
  | Delivered
  | { readonly what: 'challenge'; readonly challenge: string }
  | { readonly what: 'certificate_check' };

export interface VerifyTools {
  readonly signed: ReturnType<typeof signatureCheck>;
  /** Undefined until we know who we are; until then nothing is let in (A04). */
  readonly us: () => Identity | undefined;
  readonly hosts: readonly string[];
  readonly seen: Recent;
  readonly clock: Clock;
  readonly onRefused: (code: RefusalCode) => void;
}

const STATUS = {
  not_ready: 503,
  bad_timestamp: 401,
  stale_timestamp: 401,
  bad_signature: 401,
  // 200: whoever sends it again (Slack itself, when our answer got lost) must not be told to try once more (A06).
  replay: 200,
  bad_query: 400,
  bad_body: 400,
  bad_content_type: 415,
  not_a_delivery: 400,
  no_delivery_id: 400,
  bad_response_url: 403,
  wrong_app: 403,
  wrong_team: 403,
  wrong_enterprise: 403,
} as const;
type RefusalCode = keyof typeof STATUS;

/** A signed probe of the address: Slack chooses the letters, we repeat them as text and as nothing else (A19). */
const CHALLENGE = /^[\w-]{1,200}$/;

export function slackVerifier(tools: VerifyTools): Verifier<RawRequest, SlackRequest> {
  return verifier('slack signature', (request) => {
    const verdict = judge(tools, request);
    if (!('code' in verdict)) return { admitted: verdict };
    tools.onRefused(verdict.code);
    return { refused: verdict.code, status: STATUS[verdict.code] } satisfies Refused;
  });
}

function judge(tools: VerifyTools, request: RawRequest): SlackRequest | { readonly code: RefusalCode } {
  const now = tools.clock.now();
  const us = tools.us();
  const signed = tools.signed(request, now);
  if ('refused' in signed) return { code: signed.refused };
  if (us === undefined) return { code: 'not_ready' };
  if (request.query !== '') return { code: 'bad_query' };
  if (!tools.seen.first(signed.signature, now)) return { code: 'replay' };
  try {
    const read = readBody(request);
    if ('what' in read || 'code' in read) return read;
    const made = deliveryOf(read.body, us, tools.hosts);
    if ('fault' in made) return { code: made.fault };
    // Each kind in its own encoding only: an event wrapped as a click is neither.
    if (read.packing !== made.delivery.packing) return { code: 'not_a_delivery' };
    return { what: 'delivery', delivery: made.delivery, letIn: signed.signature };
  } catch (error) {
    if (error instanceof BodyError) return { code: 'bad_body' };
    throw error;
  }
}

type Read = SlackRequest | { readonly code: RefusalCode } | { readonly body: Fields; readonly packing: Packing };

function readBody(request: RawRequest): Read {
  const [type, ...twice] = request.headers['content-type'] ?? [];
  if (twice.length > 0) return { code: 'bad_content_type' };
  if (isMime(type, 'application/json')) return readEvent(readJson(textOf(request.body)));
  if (isMime(type, 'application/x-www-form-urlencoded')) return readSubmitted(readForm(request.body));
  return { code: 'bad_content_type' };
}

function readEvent(body: Fields): Read {
  if (body.type !== 'url_verification') {
    return body.type === 'event_callback' ? { body, packing: 'event' } : { code: 'not_a_delivery' };
  }
  const { challenge } = body;
  if (typeof challenge !== 'string' || !CHALLENGE.test(challenge)) return { code: 'bad_body' };
  return { what: 'challenge', challenge };
}

function readSubmitted(form: Fields): Read {
  if (typeof form.payload === 'string' && Object.keys(form).length === 1)
    return { body: readJson(form.payload), packing: 'interactive' };
  if (form.ssl_check === '1') return { what: 'certificate_check' };
  return typeof form.command === 'string' ? { body: form, packing: 'command' } : { code: 'not_a_delivery' };
}

/** Some proxies add `; charset=utf-8`; anything else behind the semicolon is another encoding than we checked. */
function isMime(type: string | undefined, wanted: string): boolean {
  return type !== undefined && new RegExp(`^${wanted}(?:; ?charset="?utf-8"?)?$`, 'i').test(type);
}
