import { Body, Post, UseGuards } from '@nestjs/common';
import type { RegisterAgentResponse } from '#contracts';
import type { ClientInfo } from '../../../common/actor.js';
import { AgentController, Client, Public, ReadsOwnBody } from '../../../http/access.js';
import { RegisterAgentBody } from './dto/register.dto.js';
import { RegistrationTokenGuard } from './registration-token.guard.js';
import { RegistrationService } from './registration.service.js';

/** Public: the registration token in the body is the credential. */
@AgentController()
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  /** Exchanges a single-use registration token for an agent token, which is shown only once. */
  @Post('register')
  @Public()
  @ReadsOwnBody()
  @UseGuards(RegistrationTokenGuard)
  register(@Body() body: RegisterAgentBody, @Client() client: ClientInfo): Promise<RegisterAgentResponse> {
    return this.registration.register(body, client);
  }
}
