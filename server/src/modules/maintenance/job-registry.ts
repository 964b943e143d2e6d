import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { JOB_METADATA, JOB_PHASES, type JobDeclaration, type JobWork } from '../../common/maintenance-job.js';

/** A declared job, bound to the provider that does it. */
export interface Job extends Omit<JobDeclaration, 'nextDueAt'> {
  readonly run: JobWork;
  readonly nextDueAt: (() => Promise<Date | null>) | null;
}

const byPhaseAndId = (a: Job, b: Job): number =>
  JOB_PHASES.indexOf(a.phase) - JOB_PHASES.indexOf(b.phase) || (a.id < b.id ? -1 : 1);

/** Finds the jobs that providers of all modules declare with `@MaintenanceJob`. */
@Injectable()
export class JobRegistry {
  #jobs: readonly Job[] | null = null;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly methods: MetadataScanner,
  ) {}

  /** Every job, by phase and then by id. @throws Error when two jobs share an id */
  all(): readonly Job[] {
    this.#jobs ??= this.#discover();
    return this.#jobs;
  }

  #discover(): readonly Job[] {
    const owners = new Set(this.discovery.getProviders().map(({ instance }) => instance as unknown));
    const jobs = [...owners].filter(isObject).flatMap((owner) => this.#jobsOf(owner));
    const ids = new Set(jobs.map(({ id }) => id));
    if (ids.size < jobs.length) throw new Error('Two maintenance jobs share an id.');
    return jobs.sort(byPhaseAndId);
  }

  #jobsOf(owner: object): Job[] {
    const prototype = Object.getPrototypeOf(owner) as object | null;
    return this.methods.getAllMethodNames(prototype).flatMap((name) => {
      const work = (owner as Readonly<Record<string, JobWork>>)[name];
      const declaration = work && (Reflect.getMetadata(JOB_METADATA, work) as JobDeclaration | undefined);
      return declaration ? [bind(owner, declaration, work)] : [];
    });
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const bind = (owner: object, { nextDueAt, ...declaration }: JobDeclaration, work: JobWork): Job => ({
  ...declaration,
  run: (context) => work.call(owner, context),
  nextDueAt: nextDueAt && (() => nextDueAt(owner)),
});
