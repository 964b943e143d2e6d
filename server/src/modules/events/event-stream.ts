import type { Response } from 'express';

/** What a reader may be behind; one that is slower is let go, and comes back with what it missed. */
const MAX_BUFFERED_BYTES = 256 * 1024;
/** After which a browser comes back when the stream ends. */
const RETRY_MS = 2_000;

/** One reader of server-sent events (WHATWG HTML, 9.2). */
export class EventStream {
  constructor(private readonly response: Response) {
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    // Proxies that gather answers would hold the events back.
    response.setHeader('X-Accel-Buffering', 'no');
    response.flushHeaders();
    this.send(`retry: ${RETRY_MS}\n\n`);
  }

  /** Writes text as it is; lets a reader go that does not keep up. */
  send(text: string): void {
    if (this.response.writableLength > MAX_BUFFERED_BYTES) this.response.destroy();
    else if (text !== '' && !this.response.writableEnded) this.response.write(text);
  }

  onClose(listener: () => void): void {
    this.response.once('close', listener);
  }

  end(): void {
    this.response.end();
  }
}

/** One event as it goes over the wire. */
export const toEventText = (event: string, id: string, data: object): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
