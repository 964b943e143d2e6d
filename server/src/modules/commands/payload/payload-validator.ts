import { extname } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { JsonObject, ValidationIssue } from '#contracts';
import { WorkerPool } from '../../../common/worker-pool.js';
import { unescapePointer } from './applicable-schemas.js';
import type * as tasks from './json-schema.worker.js';
import type { SchemaCheck, SchemaFault } from './json-schema.worker.js';

/** Where an error names a property beneath the value it is about. */
const PROPERTY_PARAMS = ['missingProperty', 'additionalProperty', 'unevaluatedProperty'] as const;

const toIssue = ({ instancePath, params, message }: SchemaFault): ValidationIssue => {
  const named = PROPERTY_PARAMS.map((param): unknown => params[param]).filter((name) => typeof name === 'string');
  const parts = instancePath.split('/').slice(1).map(unescapePointer);
  return { path: [...parts, ...named].join('.'), message: message ?? 'is not valid' };
};

const UNUSABLE = [{ path: '', message: 'the input schema that the service declared cannot be used' }];

/** What to tell of a payload's faults. A schema that cannot be used lets nothing through. */
export const toIssues = (faults: readonly SchemaFault[] | null): readonly ValidationIssue[] =>
  faults?.map(toIssue) ?? UNUSABLE;

/** What can make a check take longer than its size says: patterns, schemas that apply themselves, comparing all with all. */
const WILD = /"(?:pattern|patternProperties|format|uniqueItems|\$ref|\$dynamicRef|\$recursiveRef|\$id|\$async)":/g;
/** What an honest form is full of, and is decided at a glance. */
const TAME_FORMAT = /^"format":"(?:password|textarea|date|date-time|time|int32|int64)"/;
const MAX_TAME_LENGTH = 8_000;

const isWild = (text: string): boolean =>
  [...text.matchAll(WILD)].some(({ index }) => !TAME_FORMAT.test(text.slice(index, index + 40)));

/** Whether the check is done at once whatever they say, so that no thread, which costs more than it, is needed. */
export const isCheapToCheck = (schema: JsonObject, payload: JsonObject): boolean => {
  const text = JSON.stringify(schema);
  return text.length + JSON.stringify(payload).length <= MAX_TAME_LENGTH && !isWild(text);
};

/** Far more than an honest schema takes, on a busy machine too; all the time a hostile one gets. */
const TIME_LIMIT_MS = 3_000;
const MEMORY_LIMIT_MB = 128;
/** How often a service may declare another schema while a payload is checked, before it is called unusable. */
const MAX_SCHEMAS = 3;

/** What in a payload breaks a schema; empty when nothing does, or where there is no schema. */
export type IssuesOf = (schema: JsonObject | null, payload: JsonObject) => readonly ValidationIssue[];

type SchemaFaults = (check: SchemaCheck) => readonly SchemaFault[] | null;

/** Thrown out of a transaction, which must not be held open while a thread thinks. */
class CheckNeeded extends Error {
  constructor(readonly check: SchemaCheck) {
    super('This check may take long.');
  }
}

/**
 * Checks payloads against the schemas that agents declare. A check that might take long is made in a thread of its own,
 * which is ended when it does: nobody else waits for it.
 */
@Injectable()
export class PayloadValidator implements OnApplicationShutdown {
  readonly #pool = new WorkerPool<typeof tasks>(
    new URL(`./json-schema.worker${extname(import.meta.url)}`, import.meta.url),
    { timeLimitMs: TIME_LIMIT_MS, resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB } },
  );

  #loaded: Promise<SchemaFaults> | null = null;

  /** Loads the validator, 90 modules that a start does without; the first command need not wait for them then. */
  load(): Promise<SchemaFaults> {
    this.#loaded ??= import('./json-schema.worker.js').then(({ validatePayload }) => validatePayload);
    return this.#loaded;
  }

  /** Runs `work`, and runs it anew from its beginning when a check it asks for has to be made outside of it first. */
  async withValidation<T>(work: (issuesOf: IssuesOf) => Promise<T>): Promise<T> {
    const schemaFaults = await this.load();
    const known = new Map<string, readonly ValidationIssue[]>();
    for (;;) {
      try {
        return await work((schema, payload) => (schema ? issuesOf(known, { schema, payload }, schemaFaults) : []));
      } catch (error) {
        if (!(error instanceof CheckNeeded)) throw error;
        known.set(JSON.stringify(error.check), await this.#checkAside(error.check));
      }
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.#pool.close();
  }

  async #checkAside(check: SchemaCheck): Promise<readonly ValidationIssue[]> {
    try {
      return toIssues(await this.#pool.run('validatePayload', check));
    } catch {
      // It took too long, or too much memory.
      return toIssues(null);
    }
  }
}

/** @throws CheckNeeded when the check has to be made aside first, and then is `known` */
const issuesOf = (
  known: ReadonlyMap<string, readonly ValidationIssue[]>,
  check: SchemaCheck,
  schemaFaults: SchemaFaults,
): readonly ValidationIssue[] => {
  if (isCheapToCheck(check.schema, check.payload)) return toIssues(schemaFaults(check));
  const found = known.get(JSON.stringify(check));
  if (found) return found;
  if (known.size >= MAX_SCHEMAS) return toIssues(null);
  throw new CheckNeeded(check);
};
