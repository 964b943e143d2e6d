/** A raw response, enough for a client that only checks whether a call succeeded. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const END_OF_HEAD = '\r\n\r\n';
const LAST_CHUNK = '0\r\n\r\n';

const decodeChunks = (body: Buffer): string => {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const endOfSize = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, endOfSize), 16);
    if (size === 0) return Buffer.concat(parts).toString();
    parts.push(body.subarray(endOfSize + 2, endOfSize + 2 + size));
    at = endOfSize + 2 + size + 2;
  }
};

/** Parses consecutive HTTP/1.1 responses. Cheap rather than complete: no trailers, no upgrades. */
export class ResponseReader {
  #received: Buffer | null = null;
  #head: string | null = null;
  #bodyAt = 0;
  /** Length of the body; null when it is chunked. */
  #bodyBytes: number | null = null;

  /** Whether a response has started. */
  get hasBegun(): boolean {
    return this.#received !== null;
  }

  /** The response, once it is complete; the reader is then ready for the next one. */
  push(part: Buffer): RawAnswer | null {
    const received = this.#received === null ? part : Buffer.concat([this.#received, part]);
    this.#received = received;
    this.#head ??= this.#readHead(received);
    if (this.#head === null) return null;
    const body = this.#readBody(received);
    if (body === null) return null;
    const answer = { status: Number(this.#head.slice(9, 12)), head: this.#head, body };
    this.#received = null;
    this.#head = null;
    return answer;
  }

  #readHead(received: Buffer): string | null {
    const end = received.indexOf(END_OF_HEAD);
    if (end < 0) return null;
    const head = received.toString('latin1', 0, end);
    this.#bodyAt = end + END_OF_HEAD.length;
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    const isChunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    this.#bodyBytes = isChunked ? null : Number(length ?? 0);
    return head;
  }

  #readBody(received: Buffer): string | null {
    if (this.#bodyBytes === null) {
      const body = received.subarray(this.#bodyAt);
      return body.subarray(-LAST_CHUNK.length).toString('latin1') === LAST_CHUNK ? decodeChunks(body) : null;
    }
    const end = this.#bodyAt + this.#bodyBytes;
    return received.length < end ? null : received.toString('utf8', this.#bodyAt, end);
  }
}
