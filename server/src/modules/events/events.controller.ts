import { Get, Headers, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Access, AdminController, NoEnvelope, ReadsHeader } from '../../http/access.js';
import { CurrentSession, type SignedIn } from '../auth/sessions/signed-in.js';
import { EventStreams } from './event-streams.js';

@AdminController('events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  /**
   * Streams changes as server-sent events: `ready` at the start, `change` with a `Change` as its data, and `reset` when
   * changes may have been missed and everything should be reloaded. A client that reconnects sends `Last-Event-ID` to
   * continue where it was.
   */
  @Get()
  @Access('viewer')
  @NoEnvelope()
  @ReadsHeader({ name: 'Last-Event-ID', description: 'The id of the last event that arrived, to continue after it.' })
  open(
    @CurrentSession() signedIn: SignedIn,
    @Res() response: Response,
    @Headers('last-event-id') lastEventId: string | undefined,
  ): void {
    this.streams.open(signedIn, response, lastEventId);
  }
}
