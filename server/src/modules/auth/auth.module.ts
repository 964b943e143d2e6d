import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ConnectionBounds } from '../../common/http/connection-bounds.js';
import { AppConfig } from '../../config/app-config.js';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessGuard } from './access.guard.js';
import { AddressFence } from './address-fence.js';
import { AgentAccess } from './agent-access.js';
import { AgentAllowance } from './agent-allowance.js';
import { AuthUpkeep } from './auth-upkeep.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { BearerStrategy } from './bearer.strategy.js';
import { CookieAttributes } from './cookie-attributes.js';
import { FactorChanges } from './factor-changes.js';
import { LocalStrategy } from './local.strategy.js';
import { OpenSessionsService } from './open-sessions.service.js';
import { OwnPages } from './own-pages.js';
import { OwnPassword } from './own-password.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { OwnPasskeys } from './passkeys/own-passkeys.js';
import { PasskeyRegistration } from './passkeys/passkey-registration.js';
import {
  PasskeysController,
  SignInSettingsController,
  UserPasskeysController,
} from './passkeys/passkeys.controller.js';
import { PasskeysModule } from './passkeys/passkeys.module.js';
import { PasswordConfirmations } from './password-confirmations.js';
import { RequestBodies } from './request-bodies.js';
import { SessionCookie } from './session-cookie.js';
import { SessionInfos } from './session-infos.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { KnownDevices } from './sign-in/known-devices.js';
import { SecondStep } from './sign-in/second-step.js';
import { SignInAudit } from './sign-in/sign-in-audit.js';
import { SignInBrowser } from './sign-in/sign-in-browser.js';
import { SignInFailuresRepository } from './sign-in/sign-in-failures.repository.js';
import { SignInSources } from './sign-in/sign-in-source.js';
import { SignInThrottle } from './sign-in/sign-in-throttle.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { UserAccess } from './user-access.js';
import { UserSessionsController } from './user-sessions.controller.js';

@Module({
  imports: [AuditModule, UsersModule, AgentsModule, SettingsModule, PasskeysModule],
  controllers: [
    AuthController,
    OwnSessionsController,
    UserSessionsController,
    PasskeysController,
    UserPasskeysController,
    SignInSettingsController,
  ],
  providers: [
    AuthService,
    SessionsService,
    SessionsRepository,
    SessionCookie,
    SessionInfos,
    FactorChanges,
    PasswordConfirmations,
    OwnPassword,
    OwnPasskeys,
    PasskeyRegistration,
    OwnPages,
    OpenSessionsService,
    CookieAttributes,
    AuthUpkeep,
    SignInService,
    SecondStep,
    SignInBrowser,
    SignInThrottle,
    SignInFailuresRepository,
    SignInAudit,
    SignInSources,
    KnownDevices,
    LocalStrategy,
    BearerStrategy,
    UserAccess,
    AgentAccess,
    AgentAllowance,
    RequestBodies,
    {
      provide: ConnectionBounds,
      inject: [AppConfig],
      useFactory: (config: AppConfig) => new ConnectionBounds(config.strangerConnectionsPerAddress),
    },
    AddressFence,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [SessionsService, AuthUpkeep, PasskeysModule],
})
export class AuthModule {}
