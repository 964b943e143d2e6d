import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { AccessGuard } from './access/access.guard.js';
import { AgentAccess, AgentRateLimit } from './access/agent-access.js';
import { BearerStrategy } from './access/bearer.strategy.js';
import { IpAllowList } from './access/ip-allow-list.js';
import { SameOriginCheck } from './access/same-origin.js';
import { UserAccess } from './access/user-access.js';
import { PasskeyChallengesStore } from './passkeys/passkey-challenges.store.js';
import { PasskeySignIn } from './passkeys/passkey-sign-in.js';
import { PasskeysController, UserPasskeysController } from './passkeys/passkeys.controller.js';
import { PasskeysRepository } from './passkeys/passkeys.repository.js';
import { PasskeysService } from './passkeys/passkeys.service.js';
import { SignInSettingsController } from './passkeys/sign-in-settings.controller.js';
import { SignInSettingsService } from './passkeys/sign-in-settings.service.js';
import { Passwords } from './passwords/passwords.js';
import { CredentialsService } from './sessions/credentials.service.js';
import { OpenSessionsService } from './sessions/open-sessions.service.js';
import { OwnSessionsController, UserSessionsController } from './sessions/sessions.controller.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { AuthController, ConfirmationController } from './sign-in/auth.controller.js';
import { ConfirmationService } from './sign-in/confirmation.service.js';
import { AuthCookies } from './sign-in/cookies.js';
import { passportProvider } from './sign-in/local-auth.guard.js';
import { SignInAudit } from './sign-in/sign-in-audit.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { SignInFailuresRepository } from './throttle/sign-in-failures.repository.js';
import { SignInThrottle } from './throttle/sign-in-throttle.js';
import { UsersController } from './users/users.controller.js';
import { UsersRepository } from './users/users.repository.js';
import { UsersService } from './users/users.service.js';

@Module({
  imports: [AuditModule, AgentsModule, SettingsModule],
  controllers: [
    AuthController,
    ConfirmationController,
    OwnSessionsController,
    UserSessionsController,
    PasskeysController,
    UserPasskeysController,
    SignInSettingsController,
    UsersController,
  ],
  providers: [
    Passwords,
    SignInThrottle,
    SignInFailuresRepository,
    UsersService,
    UsersRepository,
    SessionsService,
    OpenSessionsService,
    CredentialsService,
    SessionsRepository,
    PasskeysService,
    PasskeySignIn,
    SignInSettingsService,
    PasskeyChallengesStore,
    PasskeysRepository,
    SignInService,
    ConfirmationService,
    SignInAudit,
    AuthCookies,
    passportProvider,
    SameOriginCheck,
    IpAllowList,
    BearerStrategy,
    UserAccess,
    AgentAccess,
    AgentRateLimit,
    AccessGuard,
  ],
  exports: [UsersService, SessionsService, ConfirmationService, SignInThrottle, PasskeysService, SignInSettingsService],
})
export class AuthModule {}
