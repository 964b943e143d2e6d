import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP relay in front of PostgreSQL that can drop traffic or cut connections. */
export class TcpRelay {
  readonly #sockets = new Set<Socket>();
  #isSilent = false;

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  static async open(target: string): Promise<TcpRelay> {
    const { hostname, port } = new URL(target);
    const server = createServer((near) => {
      relay.#join(near, connect(Number(port), hostname));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(target);
    url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const relay = new TcpRelay(server, url.toString());
    return relay;
  }

  /** Silently drops all traffic in both directions, also on new connections, until {@link heal}. */
  fallSilent(): void {
    this.#isSilent = true;
    for (const socket of this.#sockets) socket.removeAllListeners('data').resume();
  }

  /** Makes new connections work again; silenced ones stay silent. */
  heal(): void {
    this.#isSilent = false;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  #join(near: Socket, far: Socket): void {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('data', (data) => other.write(data));
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    if (this.#isSilent) this.fallSilent();
  }
}
