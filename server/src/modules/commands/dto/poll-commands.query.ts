import { Transform } from 'class-transformer';
import { IsInt } from 'class-validator';

export const MAX_POLL_LIMIT = 10;

const clampLimit = (value: unknown): number => {
  const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : MAX_POLL_LIMIT;
  return Math.min(MAX_POLL_LIMIT, Math.max(1, number));
};

export class PollCommandsQuery {
  /** 1 to 10; anything else is clamped, so that no agent stops over it. */
  @Transform(({ value }: { value: unknown }) => clampLimit(value))
  @IsInt()
  limit: number = MAX_POLL_LIMIT;
}
