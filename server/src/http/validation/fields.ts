import { Transform } from 'class-transformer';
import { isISO8601, ValidateBy, ValidateIf } from 'class-validator';

/** A time of day that does not say where; ISO 8601 would then mean the clock on the wall of the server. */
const WITHOUT_OFFSET = /[T ][\d:.]+$/;

/** The instant an ISO-8601 text names, in UTC unless it says otherwise; null for any other text. */
export const parseInstant = (text: string): Date | null => {
  if (!isISO8601(text, { strict: true })) return null;
  const date = new Date(WITHOUT_OFFSET.test(text) ? `${text}Z` : text);
  // Week and ordinal dates are ISO 8601 too, but JavaScript does not read them.
  return Number.isNaN(date.getTime()) ? null : date;
};

/** An ISO-8601 text becomes a `Date`; anything else stays as it is, for `@IsDate` to refuse. */
export const ToDate = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (parseInstant(value) ?? value) : value));

/** The value is a text that {@link parseInstant} reads. */
export const IsInstant = (): PropertyDecorator =>
  ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parseInstant(value) !== null,
      defaultMessage: (args) =>
        `${args?.property ?? 'value'} must be a time in ISO 8601, such as 2030-01-31T12:00:00.000Z`,
    },
  });

/** The field may be left out, but `null` does not pass for that: only `undefined` does. */
export const IsOptionalNonNull = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined);

/** Digits become a number; anything else stays as it is, for `@IsInt` to refuse. */
export const ToInt = () => Transform(({ value }: { value: unknown }) => toInt(value));
const toInt = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;

/** A filter given once or several times becomes a list. */
export const ToArray = () =>
  Transform(({ value }: { value: unknown }) => (value === undefined ? undefined : [value].flat()));

/** `true` and `false` become booleans; anything else stays as it is, for `@IsBoolean` to refuse. */
export const ToBoolean = () =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

export const MAX_SEARCH_LENGTH = 200;
