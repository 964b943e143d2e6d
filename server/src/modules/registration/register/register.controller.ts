import { Body, Post } from '@nestjs/common';
import type { RegisterAgentResponse } from '#contracts';
import type { ClientInfo } from '../../../common/actor.js';
import { AgentController, Client, MaxBodyBytes, Public } from '../../../http/access.js';
import { RegisterAgentBody } from './dto/register.dto.js';
import { RegistrationService } from './registration.service.js';

/** Room for the first service report, although the caller is not authenticated yet. */
const MAX_BODY_BYTES = 500_000;

/** Public: the registration token in the body is the credential. */
@AgentController()
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  /** Exchanges a single-use registration token for an agent token, which is shown only once. */
  @Post('register')
  @Public()
  @MaxBodyBytes(MAX_BODY_BYTES)
  register(@Body() body: RegisterAgentBody, @Client() client: ClientInfo): Promise<RegisterAgentResponse> {
    return this.registration.register(body, client);
  }
}
