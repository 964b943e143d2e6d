import type { Request } from 'express';
import { findRelyingParty, type RelyingParty } from './relying-party.js';

const partyOf = (publicBaseUrl: string | null, host: string, protocol = 'http'): RelyingParty | null =>
  findRelyingParty(publicBaseUrl, { host, protocol } as Request);

describe('the relying party of passkeys', () => {
  it.each([
    ['https://ops.example.com', 'anything.test', { id: 'ops.example.com', origin: 'https://ops.example.com' }],
    ['https://ops.example.com:8443/x/', 'a', { id: 'ops.example.com', origin: 'https://ops.example.com:8443' }],
    ['http://localhost:8080', 'evil.test', { id: 'localhost', origin: 'http://localhost:8080' }],
    ['http://ops.example.com', 'localhost', null],
    ['https://192.0.2.1', 'localhost', null],
    ['https://[2001:db8::1]', 'localhost', null],
  ])('is the public address, if browsers offer passkeys there: %s', (publicUrl, host, party) => {
    expect(partyOf(publicUrl, host)).toEqual(party);
  });

  it.each([
    ['localhost:8080', 'http', { id: 'localhost', origin: 'http://localhost:8080' }],
    ['localhost', 'https', { id: 'localhost', origin: 'https://localhost' }],
    ['ops.localhost:81', 'http', { id: 'ops.localhost', origin: 'http://ops.localhost:81' }],
    ['127.0.0.1:8080', 'http', null],
    ['[::1]:8080', 'http', null],
    ['ops.example.com', 'https', null],
    ['localhost.evil.test', 'https', null],
    ['not a host', 'http', null],
  ])('is the host of the request without a public address, but only for localhost: %s', (host, protocol, party) => {
    expect(partyOf(null, host, protocol)).toEqual(party);
  });
});
