import { validateSync } from 'class-validator';

/** The request body with which the API changes a group of settings; its rules are those of the stored values too. */
export type SettingsBody<T extends object> = new () => Partial<T>;

/** The parts of a stored group of settings, told apart by whether the API would have taken them. */
export interface StoredParts<T extends object> {
  readonly accepted: Partial<T>;
  /** The names of parts with a value that the API would have refused; `*` when the whole is unreadable. */
  readonly refused: readonly string[];
}

/** Anyone who can write the database can write settings, so a stored value is believed only if the API would take it. */
export const readStoredParts = <T extends object>(
  stored: string | null,
  defaults: T,
  body: SettingsBody<T>,
): StoredParts<T> => {
  const values = stored === null ? {} : parse(stored);
  if (!values) return { accepted: {}, refused: ['*'] };
  // A part of a newer version is none of ours.
  const names = Object.keys(defaults).filter((name) => Object.hasOwn(values, name));
  const refused = names.filter((name) => !isAccepted(body, name, values[name]));
  const accepted = Object.fromEntries(
    names.filter((name) => !refused.includes(name)).map((name) => [name, values[name]]),
  );
  return { accepted: accepted as Partial<T>, refused };
};

/** `undefined` is what the rules of an optional field pass over. */
const isAccepted = <T extends object>(body: SettingsBody<T>, name: string, value: unknown): boolean =>
  value !== undefined && validateSync(Object.assign(new body(), { [name]: value })).length === 0;

const parse = (stored: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(stored);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
};
