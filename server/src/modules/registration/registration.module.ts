import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { RegistrationController } from './register/register.controller.js';
import { RegistrationAdmission } from './register/registration-admission.js';
import { RegistrationTokenGuard } from './register/registration-token.guard.js';
import { RegistrationService } from './register/registration.service.js';
import { RegistrationTokensController } from './tokens/registration-tokens.controller.js';
import { RegistrationTokensRepository } from './tokens/registration-tokens.repository.js';
import { RegistrationTokensService } from './tokens/registration-tokens.service.js';

/** Registration tokens, and the endpoint where an agent exchanges one for its own token. */
@Module({
  imports: [AuditModule, AgentsModule],
  controllers: [RegistrationTokensController, RegistrationController],
  providers: [
    RegistrationTokensRepository,
    RegistrationTokensService,
    RegistrationService,
    RegistrationAdmission,
    RegistrationTokenGuard,
  ],
  exports: [RegistrationTokensService],
})
export class RegistrationModule {}
