// Sends requests to addresses that come from configuration without letting them reach our own networks (threat G09).
// The host name is resolved here, every address is judged, and the connection goes to just these addresses: a second
// answer of the name server (DNS rebinding) is never asked for. Must never follow a redirect or fall back to plain fetch.
import { lookup as dnsLookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { AdapterError } from '../ports/grant-adapter.ts';
import type { Send, SendInit, Sent } from './http.ts';
import { judgeAddress } from './network-address.ts';

/** All addresses of a name, as the name server gives them. Injected in tests. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface NetworkRules {
  /** Private networks that may be reached all the same, as CIDR. */
  readonly allow: readonly string[];
  readonly resolve?: Resolve;
}

/** A sender for http.ts that connects to judged addresses alone. Refusals are AdapterError 'refused', nothing was sent. */
export function guardedSend(rules: NetworkRules): Send {
  const resolve = rules.resolve ?? systemResolve;
  return async (url, init) => {
    const to = new URL(url);
    if (to.protocol !== 'https:' && to.protocol !== 'http:') throw refused('only https is spoken');
    if (to.username !== '' || to.password !== '') throw refused('the address holds a user name or password');
    const host = to.hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(host) === 0 ? await inTime(resolve(host), init.signal) : [host];
    refuseUnlessSafe(to, addresses, rules.allow);
    return dial(to, init, addresses);
  };
}

/** One forbidden address among several is enough: an honest name does not point both ways. */
function refuseUnlessSafe(to: URL, addresses: readonly string[], allow: readonly string[]): void {
  const verdicts = addresses.map((address) => judgeAddress(address, allow));
  if (verdicts.length === 0) throw refused('its name has no address');
  if (verdicts.includes('forbidden')) {
    throw refused(
      'it points into a private or reserved network. If that is meant, list the network in allow_private_networks',
    );
  }
  if (to.protocol === 'https:') return;
  if (to.protocol !== 'http:') throw refused('only https is spoken');
  if (verdicts.includes('public'))
    throw refused('plain http is spoken only to networks listed in allow_private_networks');
}

function dial(to: URL, init: SendInit, addresses: readonly string[]): Promise<Sent> {
  const request = to.protocol === 'https:' ? httpsRequest : httpRequest;
  const options: RequestOptions = {
    method: init.method,
    headers: init.headers,
    signal: init.signal,
    // A connection of its own for each call: a pooled one would have been judged for another call.
    agent: false,
    lookup: pinned(addresses),
  };
  return new Promise((answer, fail) => {
    const sending = request(to, options, (message) => answer(sentOf(message)));
    sending.on('error', fail);
    sending.end(init.body);
  });
}

/** Node asks for a name's addresses through this: it gets the judged ones, whatever name servers say by now. */
function pinned(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, done) => {
    const first = all[0];
    if (first === undefined || options.all === true) done(null, all);
    else done(null, first.address, first.family);
  };
}

function sentOf(message: IncomingMessage): Sent {
  const get = (name: string): string | null => {
    const value = message.headers[name.toLowerCase()];
    return typeof value === 'string' ? value : null;
  };
  return { status: message.statusCode ?? 0, headers: { get }, body: message };
}

async function systemResolve(host: string): Promise<readonly string[]> {
  return (await dnsLookup(host, { all: true })).map(({ address }) => address);
}

/** The platform's name look-up cannot be cancelled, but it can be left behind. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function refused(why: string): AdapterError {
  return new AdapterError('refused', `The configured address is not called: ${why}.`, 'no');
}
