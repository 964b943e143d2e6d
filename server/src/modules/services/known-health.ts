import { hash } from 'node:crypto';
import type { Health } from '#contracts';
import { canonicalJson } from '../../common/crypto/canonical-json.js';
import { toHealthContent, type HealthContent } from './service-report.js';

/** Equal healths give equal hashes, whatever the order of their keys. */
const hashOf = (health: HealthContent): string => hash('sha256', canonicalJson(health), 'base64');

/** The health of a service as it is stored, to tell a report that says the same from one that does not. */
export class KnownHealth {
  readonly #hash: string | null;
  /** SHA-256 of the last report that said the same, as it came: the next will, word for word. */
  #said: string | null = null;

  /** @param health null when it has said nothing yet */
  constructor(health: HealthContent | null) {
    this.#hash = health && hashOf(health);
  }

  isSaidBy(health: Health): boolean {
    const said = hash('sha256', JSON.stringify(health), 'base64');
    if (said === this.#said) return true;
    if (hashOf(toHealthContent(health)) !== this.#hash) return false;
    this.#said = said;
    return true;
  }
}
