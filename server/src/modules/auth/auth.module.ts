import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AppConfig } from '../../config/app-config.js';
import { ConnectionLimiter } from '../../http/connections.js';
import { RequestBodyReader } from '../../http/request-body.js';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { AccessGuard } from './access/access.guard.js';
import { AgentAccess, AgentRateLimit } from './access/agent-access.js';
import { BearerStrategy } from './access/bearer.strategy.js';
import { IpAllowList } from './access/ip-allow-list.js';
import { SameOriginCheck } from './access/same-origin.js';
import { UserAccess } from './access/user-access.js';
import { PasskeyChallenges } from './passkeys/passkey-challenges.store.js';
import { PasskeySignIn } from './passkeys/passkey-sign-in.js';
import { PasskeysController, UserPasskeysController } from './passkeys/passkeys.controller.js';
import { PasskeysRepository } from './passkeys/passkeys.repository.js';
import { PasskeysService, PasskeyRegistration, PasskeyReset } from './passkeys/passkeys.service.js';
import { RelyingParties } from './passkeys/relying-party.js';
import { SignInSettingsController } from './passkeys/sign-in-settings.controller.js';
import { PasskeyPolicy, SignInSettingsService } from './passkeys/sign-in-settings.service.js';
import { Passwords } from './passwords/passwords.js';
import { CredentialsService, OwnPassword, PasswordConfirmations } from './sessions/credentials.service.js';
import { OpenSessionsService } from './sessions/open-sessions.service.js';
import { OwnSessionsController, UserSessionsController } from './sessions/sessions.controller.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { AuthService, AuthUpkeep, SessionsService } from './sessions/sessions.service.js';
import { AuthController } from './sign-in/auth.controller.js';
import { CookieAttributes, KnownDevices, SessionCookie, SignInSources } from './sign-in/cookies.js';
import { LocalStrategy } from './sign-in/local-auth.guard.js';
import { SignInAudit } from './sign-in/sign-in-audit.js';
import { SecondStep, SessionInfos, SignInBrowser, SignInService } from './sign-in/sign-in.service.js';
import { SignInFailuresRepository } from './throttle/sign-in-failures.repository.js';
import { SignInThrottle } from './throttle/sign-in-throttle.js';
import { UsersController } from './users/users.controller.js';
import { UsersRepository } from './users/users.repository.js';
import { FirstOwner, UsersService } from './users/users.service.js';

@Module({
  imports: [AuditModule],
  controllers: [UsersController],
  providers: [UsersRepository, UsersService, Passwords, FirstOwner],
  exports: [UsersRepository, UsersService, Passwords, FirstOwner],
})
export class UsersModule {}

/** What there is to passkeys without a session; with one, it is part of `AuthModule`. */
const PARTS = [
  PasskeysRepository,
  PasskeyChallenges,
  PasskeyPolicy,
  PasskeyReset,
  PasskeySignIn,
  RelyingParties,
  SignInSettingsService,
];

@Module({ imports: [AuditModule, SettingsModule, UsersModule], providers: PARTS, exports: PARTS })
export class PasskeysModule {}

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
    CredentialsService,
    PasswordConfirmations,
    OwnPassword,
    PasskeysService,
    PasskeyRegistration,
    SameOriginCheck,
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
    AgentRateLimit,
    RequestBodyReader,
    {
      provide: ConnectionLimiter,
      inject: [AppConfig],
      useFactory: (config: AppConfig) => new ConnectionLimiter(config.strangerConnectionsPerAddress),
    },
    IpAllowList,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [SessionsService, AuthUpkeep, PasskeysModule],
})
export class AuthModule {}
