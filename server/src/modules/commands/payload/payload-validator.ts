import { Injectable } from '@nestjs/common';
import type { JsonObject, ValidationIssue } from '#contracts';
import type { Owner } from '../../../common/fair-queue.js';
import { type PayloadCheck, SchemaChecks } from '../../agents/schemas/schema-checks.service.js';

/** How many different checks one request may need: more mean that its service keeps declaring new schemas meanwhile. */
const MAX_CHECKS = 3;

const UNSTABLE_SCHEMA = [{ path: '', message: 'the input schema that the service declared keeps changing' }];

/** Returns the issues of a payload; empty when it matches the schema, or without a schema. */
export type IssuesOf = (schema: JsonObject | null, payload: JsonObject, owner: Owner) => readonly ValidationIssue[];

/** Leaves a transaction, which must not stay open while a worker thread checks. */
class DeferredCheck extends Error {
  constructor(
    readonly check: PayloadCheck,
    readonly owner: Owner,
  ) {
    super('This check may take long; make it outside of the transaction.');
  }
}

/** Checks payloads against the schemas that agents declare, inside of transactions. */
@Injectable()
export class PayloadValidator {
  constructor(private readonly checks: SchemaChecks) {}

  /** Loads the validation library, which the first command should not wait for. */
  load(): Promise<void> {
    return this.checks.load();
  }

  /**
   * Runs `work`, which may check payloads inside a transaction. When a check has to be made in the worker thread, `work`
   * is left by an exception and runs again from the beginning once the check is made.
   */
  async withValidation<T>(work: (issuesOf: IssuesOf) => Promise<T>): Promise<T> {
    await this.load();
    const checked = new Map<string, readonly ValidationIssue[]>();
    for (;;) {
      try {
        return await work((schema, payload, owner) =>
          schema ? this.#issuesOf(checked, { schema, payload }, owner) : [],
        );
      } catch (error) {
        if (!(error instanceof DeferredCheck)) throw error;
        const { check, owner } = error;
        checked.set(JSON.stringify(check), await this.checks.issuesAside(check, owner));
      }
    }
  }

  /** @throws DeferredCheck when the check has to be made in the worker thread first */
  #issuesOf(
    checked: ReadonlyMap<string, readonly ValidationIssue[]>,
    check: PayloadCheck,
    owner: Owner,
  ): readonly ValidationIssue[] {
    const issues = this.checks.issuesHere(check) ?? checked.get(JSON.stringify(check));
    if (issues) return issues;
    if (checked.size >= MAX_CHECKS) return UNSTABLE_SCHEMA;
    throw new DeferredCheck(check, owner);
  }
}
