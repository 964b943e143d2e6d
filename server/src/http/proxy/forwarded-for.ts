import type { NextFunction, Request, Response } from 'express';

const HEADER = 'x-forwarded-for';
/** Some gateways add the port: `192.0.2.7:4711`, `[2001:db8::7]:4711`; some quote the address as RFC 7239 does. */
const IPV4_WITH_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;
const BRACKETED = /^\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?$/;

const addressOf = (entry: string): string => {
  const text = entry.trim().replace(/^"(.*)"$/, '$1');
  return IPV4_WITH_PORT.exec(text)?.[1] ?? BRACKETED.exec(text)?.[1] ?? text;
};

/** Returns the entries of an `X-Forwarded-For` header without their ports. */
export const withoutPorts = (header: string): string => header.split(',').map(addressOf).join(', ');

/** Middleware, for a server that trusts a proxy: an entry with a port is no address to Express, and would hide the client. */
export const readForwardedFor = (request: Request, _response: Response, next: NextFunction): void => {
  const header = request.headers[HEADER];
  if (typeof header === 'string' && /[:"]/.test(header)) request.headers[HEADER] = withoutPorts(header);
  next();
};
