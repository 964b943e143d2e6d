import { hash } from 'node:crypto';
import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { JsonObject, ValidationIssue } from '#contracts';
import { unescapePointer } from '../../../common/json.js';
import { LoadingCache, memoize } from '../../../common/memory/cache.js';
import { FairQueue, type Owner } from '../../../common/memory/fair-queue.js';
import { WorkerPool } from '../../../common/worker-pool.js';
import type * as tasks from './json-schema.worker.js';
import type { SchemaError } from './json-schema.worker.js';
import { isPlainSchema } from './plain-schema.js';
import { isCheapToCheck } from './schema-cost.js';
import { findTypeProblem, readDeclared } from './schema-dialect.js';

/** All that an honest check needs; one that takes longer starts again in the slow lane. */
const QUICK_MS = 300;
/** Generous for an honest schema even on a busy machine, and all that a hostile one gets. */
const SLOW_MS = 2_000;
const MEMORY_LIMIT_MB = 128;
/** A schema that took too long is refused unread for this time. */
const REMEMBERED_MS = 600_000;
const MAX_REMEMBERED = 1_000;
/** Longer than judging takes unless many wait; after it a response goes out without. */
const JUDGING_MS = 5_000;
const MAX_JUDGED = 20_000;
const MAX_PROBLEM_LENGTH = 300;
/** Of the schemas whose payloads are checked here, which are short. */
const MAX_READ = 200;

const WORKER = new URL(`./json-schema.worker${extname(import.meta.url)}`, import.meta.url);

/** Where an error names a property of the value it is about. */
const PROPERTY_PARAMS = ['missingProperty', 'additionalProperty', 'unevaluatedProperty'] as const;

const UNUSABLE_SCHEMA = [{ path: '', message: 'the input schema that the service declared cannot be used' }];

/** A payload, and the schema that a service declared for it. */
export interface PayloadCheck {
  readonly schema: JsonObject;
  readonly payload: JsonObject;
}

/** What is to be said about a declared schema. */
export interface SchemaJudgement {
  /** Why it cannot be used; null when it can, or when that is not known yet. */
  readonly problem: string | null;
  /** Keywords that count for nothing, because its dialect does not know them. */
  readonly ignored: readonly string[];
}

interface WithSchema {
  readonly inputSchema?: JsonObject | null;
}

const UNJUDGED: SchemaJudgement = { problem: null, ignored: [] };

type Validate = typeof tasks.validatePayload;

/** A thread that ends a task at its limit. */
class Lane {
  readonly #queue = new FairQueue();
  readonly #pool: WorkerPool<typeof tasks>;

  constructor(timeLimitMs: number) {
    const resourceLimits = { maxOldGenerationSizeMb: MEMORY_LIMIT_MB };
    this.#pool = new WorkerPool<typeof tasks>(WORKER, { timeLimitMs, resourceLimits });
  }

  /** @param work gets the pool when it is the owner's turn */
  run<T>(owner: Owner, isUrgent: boolean, work: (pool: WorkerPool<typeof tasks>) => Promise<T>): Promise<T> {
    return this.#queue.run(owner, isUrgent, () => work(this.#pool));
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/**
 * Checks payloads against the schemas that agents declare, and judges these schemas. What might take long is done in worker
 * threads with limits, in which the owners of schemas take turns, so that a hostile schema delays nothing else.
 */
@Injectable()
export class SchemaChecks implements OnApplicationShutdown {
  readonly #quick = new Lane(QUICK_MS);
  readonly #slow = new Lane(SLOW_MS);
  /** Until when a schema is refused, by its hash. */
  readonly #refusedUntil = new Map<string, number>();
  readonly #judged = new LoadingCache<string, SchemaJudgement>(MAX_JUDGED);
  #loaded: Promise<Validate> | null = null;
  #validate: Validate | null = null;

  /** Loads the validation library: 90 modules that a start does without, and the first command should not wait for. */
  async load(): Promise<void> {
    this.#loaded ??= import('./json-schema.worker.js').then(({ validatePayload }) => validatePayload);
    try {
      this.#validate = await this.#loaded;
    } catch (error) {
      // The next call tries again.
      this.#loaded = null;
      throw error;
    }
  }

  /** The issues of a payload; null when they take too long to find here, or before {@link load}. */
  issuesHere(check: PayloadCheck): readonly ValidationIssue[] | null {
    const { schema, payload } = check;
    const schemaText = JSON.stringify(schema);
    if (!this.#validate || !isCheapToCheck(schemaText, JSON.stringify(payload))) return null;
    const declared = readText(schemaText);
    return toIssues(this.#validate({ draft: declared.draft, schema: declared.schema, payload }));
  }

  /** The issues of a payload, found in a worker thread. */
  async issuesAside({ schema, payload }: PayloadCheck, owner: Owner): Promise<readonly ValidationIssue[]> {
    const declared = readDeclared(schema);
    try {
      const errors = await this.#runAside(declared.schema, owner, true, (pool) =>
        pool.run('validatePayload', { draft: declared.draft, schema: declared.schema, payload }),
      );
      return toIssues(errors);
    } catch {
      return UNUSABLE_SCHEMA;
    }
  }

  /** Judges a declared schema; what is not known after a few seconds is left to the next call. */
  async judge(schema: JsonObject | null | undefined, owner: Owner): Promise<SchemaJudgement> {
    if (!schema) return UNJUDGED;
    const judged = new AbortController();
    const tooLong = pause(JUDGING_MS, UNJUDGED, { ref: false, signal: judged.signal });
    try {
      return await Promise.race([this.#judge(schema, owner), tooLong]);
    } finally {
      judged.abort();
    }
  }

  /** Judges the schema of each of these actions. */
  judgeAll<A extends WithSchema>(
    actions: readonly A[],
    owner: Owner,
  ): Promise<readonly (readonly [A, SchemaJudgement])[]> {
    return Promise.all(actions.map(async (action) => [action, await this.judge(action.inputSchema, owner)] as const));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#quick.close(), this.#slow.close()]);
  }

  #judge(declared: JsonObject, owner: Owner): Promise<SchemaJudgement> {
    const judgement = this.#judged.get(hashOf(declared), async () => {
      const { draft, schema, ignored } = readDeclared(declared);
      const problem =
        findTypeProblem(schema) ??
        (isPlainSchema(schema)
          ? null
          : await this.#runAside(schema, owner, false, (pool) => pool.run('findSchemaProblem', { draft, schema })));
      return { problem: problem?.slice(0, MAX_PROBLEM_LENGTH) ?? null, ignored };
    });
    return judgement.catch(() => ({ problem: 'it takes too long to read', ignored: [] }));
  }

  /** @throws TooSlow, now or when it was so lately */
  async #runAside<T>(
    schema: JsonObject,
    owner: Owner,
    isUrgent: boolean,
    task: (pool: WorkerPool<typeof tasks>) => Promise<T>,
  ): Promise<T> {
    const id = hashOf(schema);
    const work = (pool: WorkerPool<typeof tasks>): Promise<T> => {
      // Also when it was found to be slow while this waited.
      if (this.#isRefused(id)) throw new TooSlow();
      return task(pool);
    };
    try {
      return await this.#quick.run(owner, isUrgent, work);
    } catch (error) {
      if (error instanceof TooSlow) throw error;
    }
    try {
      return await this.#slow.run(owner, isUrgent, work);
    } catch {
      this.#refuse(id);
      throw new TooSlow();
    }
  }

  #isRefused(id: string): boolean {
    return (this.#refusedUntil.get(id) ?? 0) > performance.now();
  }

  #refuse(id: string): void {
    this.#refusedUntil.delete(id);
    this.#refusedUntil.set(id, performance.now() + REMEMBERED_MS);
    const oldest = this.#refusedUntil.keys().next().value;
    if (this.#refusedUntil.size > MAX_REMEMBERED && oldest !== undefined) this.#refusedUntil.delete(oldest);
  }
}

/** The check took too long or too much memory. */
class TooSlow extends Error {}

const readText = memoize((text: string) => readDeclared(JSON.parse(text) as JsonObject), MAX_READ);

const hashOf = (schema: JsonObject): string => hash('sha256', JSON.stringify(schema), 'base64');

/** A schema that cannot be used refuses every payload. */
const toIssues = (errors: readonly SchemaError[] | null): readonly ValidationIssue[] =>
  errors?.map(toIssue) ?? UNUSABLE_SCHEMA;

const toIssue = ({ instancePath, params, message }: SchemaError): ValidationIssue => {
  const named = PROPERTY_PARAMS.map((param): unknown => params[param]).filter((name) => typeof name === 'string');
  const parts = instancePath.split('/').slice(1).map(unescapePointer);
  return { path: [...parts, ...named].join('.'), message: message ?? 'is not valid' };
};
