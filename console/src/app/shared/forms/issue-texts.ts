import { inject, Injectable } from '@angular/core';
import type { KeyPart } from '../../core/i18n/text-key';
import { Texts } from '../../core/i18n/texts';

/** The reasons that have a text of the console. */
type FaultName = KeyPart<'forms.fault.'>;

/** The server's messages and the texts (`forms.fault`) that say the same; the capture is the limit. */
const RULES: readonly (readonly [RegExp, FaultName])[] = [
  [/ is one of the most used passwords$/, 'commonPassword'],
  [/ must not contain the user name$/, 'userNameInside'],
  [/ should not be empty$|^must have required property /, 'required'],
  [/ must be longer than or equal to (\d+) characters$|^must NOT have fewer than (\d+) characters$/, 'minLength'],
  [/ must be shorter than or equal to (\d+) characters$|^must NOT have more than (\d+) characters$/, 'maxLength'],
  [/ must match .+ regular expression$|^must match pattern /, 'pattern'],
  [/^must match format "(.+)"$/, 'format'],
  [/ must be one of the following values: |^must be equal to (?:one of the allowed values|constant)$/, 'enum'],
  [/ must not be less than (-?[\d.]+)$|^must be >= (-?[\d.]+)$/, 'min'],
  [/ must not be greater than (-?[\d.]+)$|^must be <= (-?[\d.]+)$/, 'max'],
  [/^must be > (-?[\d.]+)$/, 'exclusiveMinimum'],
  [/^must be < (-?[\d.]+)$/, 'exclusiveMaximum'],
  [/^must be multiple of ([\d.]+)$/, 'multipleOf'],
  [/ must be an integer number$|^must be integer(?:,null)?$/, 'integer'],
  [/ must be an? (?:string|boolean value|object|array)$|^must be (?:string|number|boolean|object|array|null)$/, 'type'],
  [/ must contain at least (\d+) elements$|^must NOT have fewer than (\d+) items$/, 'minItems'],
  [/ must contain no more than (\d+) elements$|^must NOT have more than (\d+) items$/, 'maxItems'],
  [/^must NOT have duplicate items /, 'uniqueItems'],
  [/^property \S+ should not exist$|^must NOT have additional properties$/, 'unknownField'],
];

/** A length rule with both limits. */
const LENGTH = /^\S+ must be longer than or equal to (\d+) and shorter than or equal to (\d+) characters$/;

/** Words the server's reasons for refusing a value in the user's language. */
@Injectable({ providedIn: 'root' })
export class IssueTexts {
  readonly #texts = inject(Texts);

  /** The text of the reason; the server's message when it is unknown here. */
  of(message: string): string {
    const [, min, max] = LENGTH.exec(message) ?? [];
    if (min !== undefined) return this.#text('length', { min, max });
    for (const [pattern, name] of RULES) {
      const match = pattern.exec(message);
      if (match) return this.#text(name, { limit: match.slice(1).find(Boolean) });
    }
    return message;
  }

  #text(name: FaultName, params: Record<string, unknown>): string {
    return this.#texts.translate(`forms.fault.${name}`, params);
  }
}
