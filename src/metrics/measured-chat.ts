// A chat platform as operations see it, each call traced and each "come back later" counted. Changes nothing about a call.
import { ChatError, type ChatPlatform } from '../ports/chat-platform.ts';
import type { Meter } from '../ports/meter.ts';
import type { Trace } from '../ports/trace.ts';

const CALLS = [
  'post',
  'update',
  'find',
  'publishHome',
  'account',
  'accountByEmail',
  'members',
  'channel',
] as const satisfies readonly (keyof ChatPlatform)[];
type Call = (...args: never[]) => Promise<unknown>;

export function measuredChat<Chat extends ChatPlatform>(chat: Chat, meter: Meter, trace: Trace): Chat {
  const calls = CALLS.map((name) => [name, measuredCall(chat.name, name, chat[name].bind(chat) as Call, meter, trace)]);
  return Object.assign(Object.create(chat), Object.fromEntries(calls));
}

function measuredCall(platform: string, name: string, call: Call, meter: Meter, trace: Trace): Call {
  return (...args) =>
    trace.span(`chat ${name}`, { platform, method: name }, async (note) => {
      try {
        return await call(...args);
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        note({ fault: error.fault, code: error.code });
        if (error.fault === 'busy') meter.chatWaited(platform, error.retryAfterSeconds ?? 0);
        throw error;
      }
    });
}
