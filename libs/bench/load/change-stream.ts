import type { Change } from '#contracts';
import type { Target } from '../target.js';

/** The event stream of an operator, with a callback for each changed command. */
export class ChangeStream {
  private constructor(private readonly abort: AbortController) {}

  /** Null when the server has no event stream. */
  static async open(target: Target, onCommand: (id: string) => void): Promise<ChangeStream | null> {
    const abort = new AbortController();
    const url = new URL('/api/admin/events', target.address.url);
    const headers = { cookie: target.operator.cookie, accept: 'text/event-stream' };
    const response = await fetch(url, { headers, signal: abort.signal });
    if (!response.ok || !response.body || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
      abort.abort();
      return null;
    }
    // Reading ends with an abort error when the stream is closed.
    void read(response.body, onCommand).catch(() => undefined);
    return new ChangeStream(abort);
  }

  close(): void {
    this.abort.abort();
  }
}

const read = async (body: ReadableStream<Uint8Array>, onCommand: (id: string) => void): Promise<void> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of body) {
    text += decoder.decode(part, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) tell(line.slice('data:'.length), onCommand);
  }
};

const tell = (data: string, onCommand: (id: string) => void): void => {
  const change = JSON.parse(data) as Partial<Change>;
  if (change.topic === 'command' && typeof change.id === 'string') onCommand(change.id);
};
