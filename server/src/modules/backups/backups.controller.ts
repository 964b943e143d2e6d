import { Get, Post, StreamableFile } from '@nestjs/common';
import type { BackupOverview } from '#contracts';
import type { UserActor } from '../../common/actor.js';
import { Access, AdminController, CurrentUser, NoEnvelope } from '../../http/access.js';
import { BackupsService } from './backups.service.js';

@AdminController('backups')
export class BackupsController {
  constructor(private readonly backups: BackupsService) {}

  /** Lists the backups, whether each is proven, and the schedule. */
  @Get()
  @Access('owner')
  overview(): Promise<BackupOverview> {
    return this.backups.overview();
  }
}

@AdminController('backup')
export class BackupDownloadController {
  constructor(private readonly backups: BackupsService) {}

  /** Streams a consistent copy of the running database, after reopening and checking it. */
  @Post('sqlite')
  @Access('owner', { confirmed: true })
  @NoEnvelope()
  async sqlite(@CurrentUser() actor: UserActor): Promise<StreamableFile> {
    const { fileName, sizeBytes, content } = await this.backups.download(actor);
    return new StreamableFile(content, {
      type: 'application/vnd.sqlite3',
      disposition: `attachment; filename="${fileName}"`,
      length: sizeBytes,
    });
  }
}
