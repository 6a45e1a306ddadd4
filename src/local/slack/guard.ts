// Who may speak to a server on loopback: only programs and pages of this machine. A page of another site must not
// reach it, neither by rebinding its DNS name to 127.0.0.1 (the Host header betrays it) nor by posting across
// origins (the Origin header does).
import type { IncomingMessage } from 'node:http';

export function isForeign(req: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = req.headers;
  if (host === undefined || !hosts.includes(host)) return true;
  return origin !== undefined && !hosts.some((own) => origin === `http://${own}`);
}

/** `application/json` cannot be sent across origins without a preflight, which nobody answers here. */
export function isJson(req: IncomingMessage): boolean {
  return req.headers['content-type']?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}
