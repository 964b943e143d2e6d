import { IsBoolean, IsOptional } from 'class-validator';
import { ToFlag } from '../../../common/http/page.js';
import { AuditFilterQuery } from './audit-filter.query.js';

export class SummarizeAuditEventsQuery extends AuditFilterQuery {
  /** From the first event on that is chosen, if no `from` says otherwise. */
  @IsOptional()
  @ToFlag()
  @IsBoolean()
  all?: boolean;
}
