import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessGuard } from './access.guard.js';
import { AddressFence } from './address-fence.js';
import { AgentAccess } from './agent-access.js';
import { AppPassport } from './app-passport.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { BearerStrategy } from './bearer.strategy.js';
import { LocalStrategy } from './local.strategy.js';
import { SessionCookie } from './session-cookie.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { UserAccess } from './user-access.js';

@Module({
  imports: [AuditModule, UsersModule, AgentsModule],
  controllers: [AuthController],
  providers: [
    AppPassport,
    AuthService,
    SessionsService,
    SessionsRepository,
    SessionCookie,
    LocalStrategy,
    BearerStrategy,
    UserAccess,
    AgentAccess,
    AddressFence,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [SessionsService],
})
export class AuthModule {}
