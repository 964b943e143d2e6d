import { Transform } from 'class-transformer';
import { IsInt } from 'class-validator';

export const MAX_POLL_LIMIT = 10;
/** Below the 60 seconds after which common proxies cut a silent connection. */
export const MAX_WAIT_SECONDS = 55;

interface Range {
  readonly min: number;
  readonly max: number;
  /** For what is no number. */
  readonly otherwise: number;
}

const clamp = (value: unknown, { min, max, otherwise }: Range): number => {
  const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : otherwise;
  return Math.min(max, Math.max(min, number));
};

/** Anything out of range is clamped, so that no agent stops over it. */
export class PollCommandsQuery {
  /** How many commands to take, 1 to 10. */
  @Transform(({ value }: { value: unknown }) =>
    clamp(value, { min: 1, max: MAX_POLL_LIMIT, otherwise: MAX_POLL_LIMIT }),
  )
  @IsInt()
  limit: number = MAX_POLL_LIMIT;

  /** How long to hold the request open until there is a command, in seconds, 0 to 55. */
  @Transform(({ value }: { value: unknown }) => clamp(value, { min: 0, max: MAX_WAIT_SECONDS, otherwise: 0 }))
  @IsInt()
  wait = 0;
}
