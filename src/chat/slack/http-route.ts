// The HTTP way in: one route for events, commands and clicks. All checking is the verifier's, all meaning is behind the
// dispatcher; this only turns an answer into a reply.
import type { RawRequest, Reply, Route, Verified, Verifier } from '../../ports/route.ts';
import type { Delivered } from './delivery.ts';
import type { AckBody, Dispatcher } from './dispatch.ts';
import type { SlackRequest } from './verify.ts';

export const SLACK_PATH = '/slack/events';

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function slackRoute(verify: Verifier<RawRequest, SlackRequest>, dispatcher: Dispatcher): Route<SlackRequest> {
  return {
    method: 'POST',
    path: SLACK_PATH,
    verify,
    async handle(request) {
      if (isDelivered(request)) return deliver(dispatcher, request);
      const { payload } = request;
      return payload.what === 'challenge'
        ? { status: 200, headers: TEXT, body: payload.challenge }
        : { status: 200, headers: TEXT };
    },
  };
}

async function deliver(dispatcher: Dispatcher, request: Verified<Delivered>): Promise<Reply> {
  const outcome = await dispatcher.deliver(request);
  if (outcome.answered) return replyOf(outcome.response);
  // An error shows the person that nothing was done, and makes Slack repeat an event.
  return { status: outcome.why === 'failed' ? 500 : 200 };
}

function replyOf(response: AckBody): Reply {
  if (response === undefined || response === '') return { status: 200 };
  if (typeof response === 'string') return { status: 200, headers: TEXT, body: response };
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify(response) };
}

function isDelivered(request: Verified<SlackRequest>): request is Verified<Delivered> {
  return request.payload.what === 'delivery';
}
