import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import {
  buildMessage,
  IsDate,
  isISO8601,
  IsOptional,
  ValidateBy,
  ValidateIf,
  type ValidationArguments,
  type ValidationOptions,
} from 'class-validator';

/** The longest text to search for in a list. */
export const MAX_SEARCH_LENGTH = 200;

/** A time of day without an offset, which ISO 8601 reads in local time. */
const WITHOUT_OFFSET = /[T ][\d:.]+$/;

/** Returns the instant of an ISO-8601 text, in UTC unless it has an offset; null for any other text. */
export const parseInstant = (text: string): Date | null => {
  if (!isISO8601(text, { strict: true })) return null;
  const date = new Date(WITHOUT_OFFSET.test(text) ? `${text}Z` : text);
  // JavaScript does not read week and ordinal dates, which are ISO 8601 too.
  return Number.isNaN(date.getTime()) ? null : date;
};

/** Turns an ISO-8601 text into a `Date`; leaves anything else for `@IsDate` to reject. */
export const ToDate = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (parseInstant(value) ?? value) : value));

const isBeforeEnd = (from: unknown, args?: ValidationArguments): boolean => {
  const { to } = (args?.object ?? {}) as { readonly to?: unknown };
  return !(from instanceof Date && to instanceof Date) || from <= to;
};

/** The `to` of a range of time. */
export const IsRangeEnd = (): PropertyDecorator => applyDecorators(IsOptional(), ToDate(), IsDate());

/** The `from` of a range of time, which must not be after its `to`. */
export const IsRangeStart = (): PropertyDecorator =>
  applyDecorators(
    IsRangeEnd(),
    ValidateBy({
      name: 'isBeforeEnd',
      validator: { validate: isBeforeEnd, defaultMessage: () => 'from must not be after to' },
    }),
  );

/** Requires a text that {@link parseInstant} reads. */
export const IsInstant = (): PropertyDecorator =>
  ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parseInstant(value) !== null,
      defaultMessage: (args) =>
        `${args?.property ?? 'value'} must be a time in ISO 8601, such as 2030-01-31T12:00:00.000Z`,
    },
  });

/** Allows the field to be missing, but not to be `null`. */
export const IsOptionalNonNull = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined);

/** Turns digits into a number; leaves anything else for `@IsInt` to reject. */
export const ToInt = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );

/** Turns a filter given once or several times into a list. */
export const ToArray = () =>
  Transform(({ value }: { value: unknown }) => (value === undefined ? undefined : [value].flat()));

/** Turns `true` and `false` into booleans; leaves anything else for `@IsBoolean` to reject. */
export const ToBoolean = () =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

/** Whether a text has at least this many code points, which may take one or two units of UTF-16 each. */
const hasAtLeast = (text: string, min: number): boolean => text.length >= 2 * min || [...text].length >= min;

const hasAtMost = (text: string, max: number): boolean =>
  text.length <= max || (text.length <= 2 * max && [...text].length <= max);

/**
 * Limits the length of a text in code points, as `varchar(n)` of PostgreSQL does. class-validator's own decorator does not count
 * variation selectors, so it accepts text that does not fit.
 */
export const MaxLength = (max: number, options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'maxLength',
      constraints: [max],
      validator: {
        validate: (value: unknown) => typeof value === 'string' && hasAtMost(value, max),
        defaultMessage: buildMessage(
          (each) => `${each}$property must be shorter than or equal to $constraint1 characters`,
          options,
        ),
      },
    },
    options,
  );

/** The reason, worded as class-validator does, because the console translates those messages. */
const lengthFault = (value: unknown, min: number, max: number): string => {
  if (typeof value === 'string' && hasAtLeast(value, min)) return 'must be shorter than or equal to $constraint2';
  if (typeof value === 'string' && hasAtMost(value, max)) return 'must be longer than or equal to $constraint1';
  return 'must be longer than or equal to $constraint1 and shorter than or equal to $constraint2';
};

/** Requires a text of `min` to `max` code points; see {@link MaxLength}. */
export const Length = (min: number, max: number, options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isLength',
      constraints: [min, max],
      validator: {
        validate: (value: unknown) => typeof value === 'string' && hasAtLeast(value, min) && hasAtMost(value, max),
        defaultMessage: buildMessage(
          (each, args) => `${each}$property ${lengthFault(args?.value, min, max)} characters`,
          options,
        ),
      },
    },
    options,
  );
