import { PickType } from '@nestjs/swagger';
import { ListCommandsQuery } from './list-commands.query.js';

export class SummarizeCommandsQuery extends PickType(ListCommandsQuery, [
  'type',
  'actionName',
  'serviceId',
  'agentId',
  'from',
  'to',
]) {}
