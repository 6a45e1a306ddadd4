// How the doctor says what it found.
import type { Finding } from '../../ports/chat-platform.ts';

export function ok(what: string, says: string): Finding {
  return { what, state: 'ok', says };
}

export function warning(what: string, says: string, remedy: string): Finding {
  return { what, state: 'warning', says, remedy };
}

export function wrong(what: string, says: string, remedy: string): Finding {
  return { what, state: 'wrong', says, remedy };
}
