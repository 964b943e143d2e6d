import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { EventStreams } from './event-streams.js';
import { EventsController } from './events.controller.js';

/** Server-sent events for the console. */
@Module({ imports: [ChangesModule, AuthModule], controllers: [EventsController], providers: [EventStreams] })
export class EventsModule {}
