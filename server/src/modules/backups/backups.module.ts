import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BackupFolder } from './backup-folder.js';
import { BackupMaker } from './backup-maker.js';
import { BackupDownloadController, BackupsController } from './backups.controller.js';
import { BackupsService } from './backups.service.js';

/** Copies of a SQLite database, on request and on schedule. */
@Module({
  imports: [AuditModule],
  controllers: [BackupsController, BackupDownloadController],
  providers: [BackupFolder, BackupMaker, BackupsService],
  exports: [BackupsService],
})
export class BackupsModule {}
