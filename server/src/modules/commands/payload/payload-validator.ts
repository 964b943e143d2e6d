import { extname } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { JsonObject, ValidationIssue } from '#contracts';
import { WorkerPool } from '../../../common/worker-pool.js';
import { unescapePointer } from './applicable-schemas.js';
import type * as tasks from './json-schema.worker.js';
import type { SchemaCheck, SchemaError } from './json-schema.worker.js';

const TIME_LIMIT_MS = 3_000;
const MEMORY_LIMIT_MB = 128;
/** How many different checks one request may need: more mean that its service keeps declaring new schemas meanwhile. */
const MAX_CHECKS = 3;

/** What can make a check slower than its size suggests: patterns, recursive schemas, comparing all items with all. */
const EXPENSIVE_KEYWORDS =
  /"(?:pattern|patternProperties|format|uniqueItems|\$ref|\$dynamicRef|\$recursiveRef|\$id|\$async)":/g;
/** Formats that ordinary forms use and that are quick to check. */
const CHEAP_FORMAT = /^"format":"(?:password|textarea|date|date-time|time|int32|int64)"/;
const MAX_CHEAP_LENGTH = 8_000;

/** Where an error names a property of the value it is about. */
const PROPERTY_PARAMS = ['missingProperty', 'additionalProperty', 'unevaluatedProperty'] as const;

const UNUSABLE_SCHEMA = [{ path: '', message: 'the input schema that the service declared cannot be used' }];

/** Returns the issues of a payload; empty when it matches the schema, or without a schema. */
export type IssuesOf = (schema: JsonObject | null, payload: JsonObject) => readonly ValidationIssue[];

type Validate = (check: SchemaCheck) => readonly SchemaError[] | null;

/** Leaves a transaction, which must not stay open while a worker thread checks. */
class DeferredCheck extends Error {
  constructor(readonly check: SchemaCheck) {
    super('This check may take long; make it outside of the transaction.');
  }
}

/**
 * Checks payloads against the schemas that agents declare. A check that might take long runs in a worker thread with
 * limits, so that a hostile schema delays nothing else.
 */
@Injectable()
export class PayloadValidator implements OnApplicationShutdown {
  // Generous for an honest schema even on a busy machine, and all that a hostile one gets.
  readonly #pool = new WorkerPool<typeof tasks>(
    new URL(`./json-schema.worker${extname(import.meta.url)}`, import.meta.url),
    { timeLimitMs: TIME_LIMIT_MS, resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB } },
  );

  #loaded: Promise<Validate> | null = null;

  /** Loads the validation library: 90 modules that a start does without, and the first command should not wait for. */
  load(): Promise<Validate> {
    if (this.#loaded) return this.#loaded;
    const loading = import('./json-schema.worker.js').then(({ validatePayload }) => validatePayload);
    this.#loaded = loading;
    // Nobody may be waiting for it yet; the next call tries again.
    loading.catch(() => {
      this.#loaded = null;
    });
    return loading;
  }

  /**
   * Runs `work`, which may check payloads inside a transaction. When a check has to be made in the worker thread, `work`
   * is left by an exception and runs again from the beginning once the check is made.
   */
  async withValidation<T>(work: (issuesOf: IssuesOf) => Promise<T>): Promise<T> {
    const validate = await this.load();
    const checked = new Map<string, readonly ValidationIssue[]>();
    for (;;) {
      try {
        return await work((schema, payload) => (schema ? issuesOf(checked, { schema, payload }, validate) : []));
      } catch (error) {
        if (!(error instanceof DeferredCheck)) throw error;
        checked.set(JSON.stringify(error.check), await this.#checkInWorker(error.check));
      }
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.#pool.close();
  }

  async #checkInWorker(check: SchemaCheck): Promise<readonly ValidationIssue[]> {
    try {
      return toIssues(await this.#pool.run('validatePayload', check));
    } catch {
      // It took too long or too much memory.
      return UNUSABLE_SCHEMA;
    }
  }
}

/** @throws DeferredCheck when the check has to be made in the worker thread first */
const issuesOf = (
  checked: ReadonlyMap<string, readonly ValidationIssue[]>,
  check: SchemaCheck,
  validate: Validate,
): readonly ValidationIssue[] => {
  if (isCheapToCheck(check)) return toIssues(validate(check));
  const issues = checked.get(JSON.stringify(check));
  if (issues) return issues;
  if (checked.size >= MAX_CHECKS) return UNUSABLE_SCHEMA;
  throw new DeferredCheck(check);
};

/** Whether the check is quick whatever schema and payload say, so that a worker thread would only cost time. */
const isCheapToCheck = ({ schema, payload }: SchemaCheck): boolean => {
  const text = JSON.stringify(schema);
  return text.length + JSON.stringify(payload).length <= MAX_CHEAP_LENGTH && !isExpensive(text);
};

const isExpensive = (schemaText: string): boolean =>
  [...schemaText.matchAll(EXPENSIVE_KEYWORDS)].some(
    ({ index }) => !CHEAP_FORMAT.test(schemaText.slice(index, index + 40)),
  );

/** A schema that cannot be used refuses every payload. */
const toIssues = (errors: readonly SchemaError[] | null): readonly ValidationIssue[] =>
  errors?.map(toIssue) ?? UNUSABLE_SCHEMA;

const toIssue = ({ instancePath, params, message }: SchemaError): ValidationIssue => {
  const named = PROPERTY_PARAMS.map((param): unknown => params[param]).filter((name) => typeof name === 'string');
  const parts = instancePath.split('/').slice(1).map(unescapePointer);
  return { path: [...parts, ...named].join('.'), message: message ?? 'is not valid' };
};
