import type { texts } from '../../../i18n/en';

type KeysOf<T, Prefix extends string = ''> = {
  readonly [Key in keyof T & string]: T[Key] extends string ? `${Prefix}${Key}` : KeysOf<T[Key], `${Prefix}${Key}.`>;
}[keyof T & string];

/** The dotted key of every text, from the English files: a key that does not exist does not compile. */
export type TextKey = KeysOf<typeof texts>;

/** What can stand between `Before` and `After` in a key, such as the acts that have a text `agents.<act>.done`. */
export type KeyPart<Before extends string, After extends string = ''> = TextKey extends infer Key
  ? Key extends `${Before}${infer Part}${After}`
    ? Part
    : never
  : never;
