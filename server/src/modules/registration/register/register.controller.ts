import { Body, Post } from '@nestjs/common';
import type { RegisterAgentResponse } from '#contracts';
import type { ClientInfo } from '../../../common/actor.js';
import { AgentController, Client, MaxBodyBytes, Public } from '../../../http/access.js';
import { RegisterAgentBody } from './dto/register.dto.js';
import { RegistrationService } from './registration.service.js';

/** A service comes along with it; nobody has shown who they are yet. */
const MAX_BODY_BYTES = 500_000;

/** Public, because the registration token in the body is what shows who may. */
@AgentController()
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  /** Exchanges a registration token, which works once, for an agent token, which is shown once. */
  @Post('register')
  @Public()
  @MaxBodyBytes(MAX_BODY_BYTES)
  register(@Body() body: RegisterAgentBody, @Client() client: ClientInfo): Promise<RegisterAgentResponse> {
    return this.registration.register(body, client);
  }
}
