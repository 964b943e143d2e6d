import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BackupFolder } from './backup-folder.js';
import { BackupMaker } from './backup-maker.js';
import { BackupDownloadController, BackupsController } from './backups.controller.js';
import { BackupsService, ScheduledBackups } from './backups.service.js';

@Module({
  imports: [AuditModule],
  controllers: [BackupsController, BackupDownloadController],
  providers: [BackupFolder, BackupMaker, BackupsService, ScheduledBackups],
  exports: [BackupFolder, BackupsService, ScheduledBackups],
})
export class BackupsModule {}
