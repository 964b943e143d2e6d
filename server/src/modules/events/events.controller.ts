import { Get, Headers, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Access, AdminController, NoEnvelope, ReadsHeader } from '../../http/access.js';
import { CurrentSession, type SignedIn } from '../auth/sessions/signed-in.js';
import { EventStreams } from './event-streams.js';

@AdminController('events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  /**
   * Server-sent events of what changes: `change` with a `Change` as its data; `ready` at the beginning; `reset` when
   * something may have been missed and everything should be read anew. A reader that comes back says with
   * `Last-Event-ID` where it was.
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
