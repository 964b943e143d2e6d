import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ServicesModule } from '../services/services.module.js';
import { RegistrationRefusals } from './registration-refusals.js';
import { RegistrationTokenConsumer } from './registration-token-consumer.js';
import { RegistrationTokensController } from './registration-tokens.controller.js';
import { RegistrationTokensRepository } from './registration-tokens.repository.js';
import { RegistrationTokensService } from './registration-tokens.service.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';

@Module({
  imports: [AuditModule, AgentsModule, ServicesModule],
  controllers: [RegistrationTokensController, RegistrationController],
  providers: [
    RegistrationTokensRepository,
    RegistrationTokensService,
    RegistrationTokenConsumer,
    RegistrationRefusals,
    RegistrationService,
  ],
  exports: [RegistrationTokensService],
})
export class RegistrationModule {}
