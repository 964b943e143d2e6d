import { Transform } from 'class-transformer';
import { isISO8601, ValidateBy } from 'class-validator';

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
