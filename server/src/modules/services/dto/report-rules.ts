import { ValidateBy } from 'class-validator';

const lengthOf = (value: unknown): number => JSON.stringify(value ?? null).length;

/** The value's JSON text is at most `max` characters long. */
export const MaxJsonLength = (max: number): PropertyDecorator =>
  ValidateBy({
    name: 'maxJsonLength',
    validator: {
      validate: (value: unknown) => lengthOf(value) <= max,
      defaultMessage: (args) => `${args?.property ?? 'value'} must not be longer than ${max} characters as JSON`,
    },
  });

/** A manifest of this very service: its kind and code, where given, must not say otherwise. */
export const IsManifestOf = (codeProperty: string): PropertyDecorator =>
  ValidateBy({
    name: 'isManifestOf',
    validator: {
      validate: (value: unknown, args) => {
        if (typeof value !== 'object' || value === null) return false;
        const { kind = 'CapsuleService', code } = value as { kind?: unknown; code?: unknown };
        const expected = (args?.object as Record<string, unknown> | undefined)?.[codeProperty];
        return kind === 'CapsuleService' && (code === undefined || code === expected);
      },
      defaultMessage: () => `manifest must be of kind CapsuleService and name the code of its service`,
    },
  });
