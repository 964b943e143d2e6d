import type { ApiCall, ApiClient, RequestOptions } from '#testing';

/** The configuration of a server that believes the addresses of a block. */
export const BEHIND_PROXY = { trustProxy: ['loopback'] } as const;

/**
 * All addresses of one IPv6 /64, as one customer of a provider or one virtual machine has them. Its requests reach the server with
 * the address that a trusted proxy reports, so the server needs {@link BEHIND_PROXY}.
 */
export class Ipv6Block {
  #last = 0;

  /** @param prefix the first four groups */
  constructor(
    private readonly api: ApiClient,
    private readonly prefix = '2001:db8:1:2',
  ) {}

  /** Returns an address of the block that no request has come from yet. */
  nextAddress(): string {
    this.#last += 1;
    const host = [0x9a3f, 0x51c7, Math.floor(this.#last / 0x10000), this.#last % 0x10000];
    return [this.prefix, ...host.map((group) => group.toString(16))].join(':');
  }

  /** Sends a request from a new address of the block. */
  request(method: string, path: string, options: RequestOptions = {}): ApiCall {
    const headers = { ...options.headers, 'x-forwarded-for': this.nextAddress() };
    return this.api.request(method, path, { ...options, headers });
  }

  post(path: string, body?: unknown): ApiCall {
    return this.request('POST', path, { body });
  }
}
