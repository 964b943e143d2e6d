import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { type Change, ChangeTopic, type Role, roleAllows, type UserId } from '#contracts';
import { SignInSettingsService } from '../auth/passkeys/sign-in-settings.service.js';
import { SessionsService } from '../auth/sessions/sessions.service.js';
import type { SignedIn } from '../auth/sessions/signed-in.js';
import { ChangeFeed, type Unsubscribe } from '../changes/change-feed.js';
import { ChangeBatches } from './change-batches.js';
import { ChangeLog, type LoggedChange } from './change-log.js';

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

/** Often enough that no proxy takes the stream for dead, and that a session that ended does not read on for long. */
const BEAT_MS = 15_000;
/** Tabs of one session beyond this many take the place of the oldest. */
const MAX_STREAMS_PER_SESSION = 16;

/** Who may hear of a topic, where that is not everybody. */
const READERS: Partial<Record<ChangeTopic, Role>> = { [ChangeTopic.USER]: 'owner' };

interface Reader {
  readonly signedIn: SignedIn;
  readonly stream: EventStream;
}

/** Tells signed-in users what changes, as it does. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  readonly #logger = new Logger(EventStreams.name);
  readonly #log = new ChangeLog();
  readonly #batches = new ChangeBatches((changes) => {
    this.#deliver(changes);
  });
  readonly #readers = new Set<Reader>();
  readonly #subscriptions: readonly Unsubscribe[];
  #beat: NodeJS.Timeout | null = null;

  constructor(
    private readonly sessions: SessionsService,
    private readonly passkeys: SignInSettingsService,
    changes: ChangeFeed,
  ) {
    this.#subscriptions = [
      changes.onEvery((change) => {
        this.#batches.add(change);
      }),
      changes.on(ChangeTopic.USER, ({ id }) => {
        if (id !== null) this.#confirm(id as UserId);
      }),
      changes.onGap(() => {
        this.#sendAll(() => reset(this.#log.newestId));
      }),
    ];
  }

  /**
   * Answers with the stream of changes, from `lastEventId` on if that is still known; otherwise it begins by saying that
   * everything may have changed (`reset`), or that it is `ready`. It ends with the session.
   */
  open(signedIn: SignedIn, response: Response, lastEventId: string | undefined): void {
    const reader = { signedIn, stream: new EventStream(response) };
    if (response.req.method === 'HEAD') {
      reader.stream.end();
      return;
    }
    this.#makeRoom(signedIn);
    this.#readers.add(reader);
    reader.stream.onClose(() => this.#readers.delete(reader));
    reader.stream.send(this.#beginning(signedIn, lastEventId));
    this.#beat ??= setInterval(() => {
      this.#keepAlive();
    }, BEAT_MS).unref();
  }

  beforeApplicationShutdown(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    if (this.#beat) clearInterval(this.#beat);
    for (const { stream } of this.#readers) stream.end();
  }

  #beginning({ actor }: SignedIn, lastEventId: string | undefined): string {
    if (lastEventId === undefined) return toEventText('ready', this.#log.newestId, {});
    const missed = this.#log.after(lastEventId);
    return missed ? textFor(actor.role, missed) : reset(this.#log.newestId);
  }

  #deliver(changes: readonly Change[]): void {
    const logged = changes.map((change) => this.#log.append(change));
    const texts = new Map<Role, string>();
    this.#sendAll(({ signedIn: { actor } }) => {
      const text = texts.get(actor.role) ?? textFor(actor.role, logged);
      texts.set(actor.role, text);
      return text;
    });
  }

  #sendAll(textOf: (reader: Reader) => string): void {
    for (const reader of this.#readers) reader.stream.send(textOf(reader));
  }

  #keepAlive(): void {
    for (const reader of this.#readers) {
      reader.stream.send(': still here\n\n');
      void this.#endIfOver(reader);
    }
  }

  /** The user's sessions may have ended, or their role changed. */
  #confirm(userId: UserId): void {
    for (const reader of this.#readers) if (reader.signedIn.actor.id === userId) void this.#endIfOver(reader);
  }

  async #endIfOver({ signedIn, stream }: Reader): Promise<void> {
    try {
      const live = await this.sessions.findLiveById(signedIn.live.session.id);
      const isOver = live?.user.role !== signedIn.actor.role || this.passkeys.isPasskeyMissing(live.user);
      if (isOver) stream.end();
    } catch (error) {
      // Whether the session is live is not known now; the next beat asks again.
      this.#logger.warn(error);
    }
  }

  #makeRoom({ live: { session } }: SignedIn): void {
    const own = [...this.#readers].filter(({ signedIn }) => signedIn.live.session.id === session.id);
    if (own.length >= MAX_STREAMS_PER_SESSION) own[0]?.stream.end();
  }
}

const reset = (id: string): string => toEventText('reset', id, {});

const mayHear = (role: Role, { topic }: Change): boolean => roleAllows(role, READERS[topic] ?? 'viewer');

const textFor = (role: Role, changes: readonly LoggedChange[]): string =>
  changes
    .filter(({ change }) => mayHear(role, change))
    .map(({ id, change }) => toEventText('change', id, change))
    .join('');
