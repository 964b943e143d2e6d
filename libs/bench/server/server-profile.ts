import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Reply {
  readonly id?: number;
  readonly result?: { readonly profile?: CpuProfile };
}

/** A profile by V8. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** Profiles the server through its inspector during a measurement; does nothing when no profile is requested. */
export class ServerProfile {
  /** The profile of the last measurement; null without one. */
  last: CpuProfile | null = null;

  constructor(
    private readonly directory: string | null,
    private readonly name: string,
    private readonly inspectorPort: number,
  ) {}

  /** The Node arguments that profiling requires. */
  get nodeArguments(): readonly string[] {
    return this.directory === null ? [] : [`--inspect=127.0.0.1:${this.inspectorPort}`];
  }

  /** Runs `work` and saves a profile of the server for that time. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.directory === null) return work();
    const inspector = await Inspector.open(this.inspectorPort);
    try {
      await inspector.call('Profiler.enable');
      await inspector.call('Profiler.start');
      const value = await work();
      this.#keep(this.directory, (await inspector.call('Profiler.stop'))?.profile ?? null);
      return value;
    } finally {
      inspector.close();
    }
  }

  #keep(directory: string, profile: CpuProfile | null): void {
    this.last = profile;
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${this.name}.cpuprofile`), JSON.stringify(profile));
  }
}

class Inspector {
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastId = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
  }

  static async open(port: number): Promise<Inspector> {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`);
    const [session] = (await response.json()) as { webSocketDebuggerUrl: string }[];
    const socket = new WebSocket(session?.webSocketDebuggerUrl ?? '');
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    return new Inspector(socket);
  }

  async call(method: string): Promise<Reply['result']> {
    const id = (this.#lastId += 1);
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method }));
    return (await reply).result;
  }

  close(): void {
    this.socket.close();
  }
}
