import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { type Change, ChangeTopic, type Role, roleAllows, type UserId } from '#contracts';
import { runIsolated } from '../../common/isolated.js';
import { SignInSettingsService } from '../auth/passkeys/sign-in-settings.service.js';
import { SessionsService } from '../auth/sessions/sessions.service.js';
import type { SignedIn } from '../auth/sessions/signed-in.js';
import { ChangeFeed, type Unsubscribe } from '../changes/change-feed.js';
import { ChangeBatches } from './change-batches.js';
import { ChangeLog, type LoggedChange } from './change-log.js';

/** Limit of a reader's backlog. A slower reader is disconnected, then reconnects and catches up. */
const MAX_BUFFERED_BYTES = 256 * 1024;
/** How long a browser waits before it reconnects. */
const RETRY_MS = 2_000;

/** One reader of server-sent events (WHATWG HTML, 9.2). */
export class EventStream {
  constructor(private readonly response: Response) {
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    // Otherwise buffering proxies would hold the events back.
    response.setHeader('X-Accel-Buffering', 'no');
    response.flushHeaders();
    this.send(`retry: ${RETRY_MS}\n\n`);
  }

  /** Sends text as it is, or disconnects a reader that cannot keep up. */
  send(text: string): void {
    if (this.response.writableLength > MAX_BUFFERED_BYTES) this.response.destroy();
    else if (text !== '' && !this.response.writableEnded && !this.response.destroyed) this.response.write(text);
  }

  onClose(listener: () => void): void {
    this.response.once('close', listener);
  }

  end(): void {
    this.response.end();
  }
}

/** One event in the wire format. */
export const toEventText = (event: string, id: string, data: object): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Often enough that proxies keep the stream open and that an ended session cannot read on for long. */
const KEEP_ALIVE_MS = 15_000;
/** Beyond this many tabs of one session, a new one replaces the oldest. */
const MAX_STREAMS_PER_SESSION = 16;
/** The same for all sessions of one user. */
const MAX_STREAMS_PER_USER = 32;

/** The lowest role that may see a topic, if not every user may. */
const REQUIRED_ROLE: Partial<Record<ChangeTopic, Role>> = { [ChangeTopic.USER]: 'owner' };

interface Reader {
  readonly signedIn: SignedIn;
  readonly stream: EventStream;
}

/** Streams changes to signed-in users as they happen. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  readonly #logger = new Logger(EventStreams.name);
  readonly #log = new ChangeLog();
  readonly #batches = new ChangeBatches((changes) => {
    this.#deliver(changes);
  });
  readonly #readers = new Set<Reader>();
  readonly #subscriptions: readonly Unsubscribe[];
  #keepAliveTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly sessions: SessionsService,
    private readonly signInSettings: SignInSettingsService,
    changes: ChangeFeed,
  ) {
    this.#subscriptions = [
      changes.onEvery((change) => {
        this.#batches.add(change);
      }),
      changes.on(ChangeTopic.USER, ({ id }) => {
        if (id !== null) this.#endOutdated(id as UserId);
      }),
      changes.onGap(() => {
        this.#sendAll(() => reset(this.#log.newestId));
      }),
    ];
  }

  /**
   * Streams changes until the session ends. With a known `lastEventId` it continues after that event; with an unknown one
   * it starts with `reset`, and without one with `ready`.
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
    reader.stream.send(this.#opening(signedIn, lastEventId));
    this.#keepAliveTimer ??= setInterval(() => {
      this.#keepAlive();
    }, KEEP_ALIVE_MS).unref();
  }

  beforeApplicationShutdown(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    if (this.#keepAliveTimer) clearInterval(this.#keepAliveTimer);
    for (const { stream } of this.#readers) stream.end();
  }

  #opening({ actor }: SignedIn, lastEventId: string | undefined): string {
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
    for (const reader of this.#readers) {
      runIsolated(this.#logger, () => {
        reader.stream.send(textOf(reader));
      });
    }
  }

  #keepAlive(): void {
    for (const reader of this.#readers) {
      runIsolated(this.#logger, () => {
        reader.stream.send(': keep-alive\n\n');
      });
      void this.#endIfOutdated(reader);
    }
  }

  /** Ends the streams of a user whose session ended or whose role changed. */
  #endOutdated(userId: UserId): void {
    for (const reader of this.#readers) if (reader.signedIn.actor.id === userId) void this.#endIfOutdated(reader);
  }

  async #endIfOutdated({ signedIn, stream }: Reader): Promise<void> {
    try {
      const live = await this.sessions.findLiveById(signedIn.live.session.id);
      const isOutdated = live?.user.role !== signedIn.actor.role || this.signInSettings.isPasskeyMissing(live.user);
      if (isOutdated) stream.end();
    } catch (error) {
      // Unknown whether the session is live; the next keep-alive checks again.
      this.#logger.warn(error);
    }
  }

  #makeRoom({ actor, live: { session } }: SignedIn): void {
    const own = [...this.#readers].filter(({ signedIn }) => signedIn.actor.id === actor.id);
    const ofSession = own.filter(({ signedIn }) => signedIn.live.session.id === session.id);
    if (ofSession.length >= MAX_STREAMS_PER_SESSION) this.#end(ofSession[0]);
    else if (own.length >= MAX_STREAMS_PER_USER) this.#end(own[0]);
  }

  /** Ends a stream, which no longer counts, even if its reader is slow to notice. */
  #end(reader: Reader | undefined): void {
    if (!reader) return;
    this.#readers.delete(reader);
    reader.stream.end();
  }
}

const reset = (id: string): string => toEventText('reset', id, {});

const maySee = (role: Role, { topic }: Change): boolean => roleAllows(role, REQUIRED_ROLE[topic] ?? 'viewer');

const textFor = (role: Role, changes: readonly LoggedChange[]): string =>
  changes
    .filter(({ change }) => maySee(role, change))
    .map(({ id, change }) => toEventText('change', id, change))
    .join('');
