import { Transform } from 'class-transformer';
import { isISO8601 } from 'class-validator';

/** An ISO-8601 text becomes a `Date`; anything else stays as it is, for `@IsDate` to refuse. */
export const ToDate = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && isISO8601(value, { strict: true, strictSeparator: true }) ? new Date(value) : value,
  );
