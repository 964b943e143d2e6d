import { IsString } from 'class-validator';
import type { SessionId, UserId } from '#contracts';

export class SessionParams {
  @IsString()
  id!: SessionId;
}

export class UserSessionParams {
  @IsString()
  id!: UserId;

  @IsString()
  sessionId!: SessionId;
}
