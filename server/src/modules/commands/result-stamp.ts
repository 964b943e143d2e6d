import { Injectable } from '@nestjs/common';
import type { CommandId } from '#contracts';
import { Ids } from '../../common/ids/ids.js';
import { Clock } from '../../common/time/clock.js';
import type { CommandResultEntity } from './command-result.entity.js';
import type { ResultContent } from './result-content.js';

/** Gives results their id and time. */
@Injectable()
export class ResultStamp {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  row(commandId: CommandId, content: ResultContent, late: boolean): CommandResultEntity {
    return {
      id: this.ids.make('crs'),
      commandId,
      ...content,
      sealedKey: null,
      keyExpiresAt: null,
      reportedAt: this.clock.now(),
      late,
    };
  }
}
