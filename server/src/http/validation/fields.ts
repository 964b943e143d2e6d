import { Transform } from 'class-transformer';
import { isISO8601, ValidateBy, ValidateIf } from 'class-validator';

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
export const ToInt = () => Transform(({ value }: { value: unknown }) => toInt(value));
const toInt = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;

/** Turns a filter given once or several times into a list. */
export const ToArray = () =>
  Transform(({ value }: { value: unknown }) => (value === undefined ? undefined : [value].flat()));

/** Turns `true` and `false` into booleans; leaves anything else for `@IsBoolean` to reject. */
export const ToBoolean = () =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

export const MAX_SEARCH_LENGTH = 200;
