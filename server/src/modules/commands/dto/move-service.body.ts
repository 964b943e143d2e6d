import { IsString, MaxLength } from 'class-validator';
import type { AgentId, MoveServiceRequest } from '#contracts';

export class MoveServiceBody implements MoveServiceRequest {
  @IsString()
  @MaxLength(80)
  agentId!: AgentId;
}
