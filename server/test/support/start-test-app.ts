import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { AgentDescription, AuditAction, AuditEvent, DatabaseKind, MaintenanceReport, Role } from '#contracts';
import { anAgentDescription, type ApiAnswer, ApiClient, TestAgent, TestOperator } from '#testing';
import { AppModule } from '../../src/app.module.js';
import { Clock } from '../../src/common/clock.js';
import type { AppConfig } from '../../src/config/app-config.js';
import { EnvelopeAdapter } from '../../src/http/envelope.adapter.js';
import { createOpenApi } from '../../src/http/openapi/openapi-document.js';
import { AgentLiveness } from '../../src/modules/agents/liveness/agent-liveness.js';
import { ServiceFreshness } from '../../src/modules/agents/services/service-freshness.js';
import { applyPipeline } from '../../src/pipeline.js';
import { DeclaredAnswers } from './declared-answers.js';
import { FakeClock } from './fake-clock.js';
import { aTestConfig } from './test-config.js';
import { createTestDatabase, type TestDatabase, testDatabaseKind } from './test-database.js';

export const OWNER = { username: 'owner', password: 'correct horse battery' } as const;

/** Of the users that {@link TestApp.signIn} makes. */
export const PASSWORD = 'a phrase that nobody guesses';

/** What outlives a server: its data directory, its database, and the time. */
export interface TestPlace {
  readonly folder: string;
  readonly database: TestDatabase;
  readonly clock: FakeClock;
}

interface TestAppOptions {
  readonly config?: Partial<AppConfig>;
  /** Where another server runs or ran. */
  readonly beside?: TestPlace;
}

/** The whole server on an empty database of its own, listening on loopback. */
export class TestApp implements TestPlace {
  readonly #operators = new Map<Role, Promise<TestOperator>>();
  #stopping: Promise<void> | null = null;

  constructor(
    readonly nest: NestExpressApplication,
    readonly api: ApiClient,
    readonly clock: FakeClock,
    readonly folder: string,
    readonly database: TestDatabase,
  ) {}

  /** A signed-in user of this role, the same for every call. */
  signIn(role: Role): Promise<TestOperator> {
    const operator = this.#operators.get(role) ?? (role === 'owner' ? this.#signInOwner() : this.#signInNew(role));
    this.#operators.set(role, operator);
    return operator;
  }

  /** An agent that has just registered. */
  async enrolAgent(overrides: Partial<AgentDescription> = {}): Promise<TestAgent> {
    const { token } = await (await this.signIn('operator')).createToken();
    return TestAgent.register(this.api, { registrationToken: token, agent: anAgentDescription(overrides) });
  }

  /** Audit events of these actions, newest first. */
  async auditEvents(...actions: readonly AuditAction[]): Promise<readonly AuditEvent[]> {
    const filter = actions.map((action) => `action=${action}`).join('&');
    const owner = await this.signIn('owner');
    return (await owner.get(`/api/admin/audit-events?pageSize=100&${filter}`).expectPage<AuditEvent>()).data;
  }

  /** Writes what the server would write within a second: when agents and services were last heard of. */
  async settle(): Promise<void> {
    await Promise.all([this.nest.get(AgentLiveness).flush(), this.nest.get(ServiceFreshness).flush()]);
  }

  async runMaintenance(): Promise<MaintenanceReport> {
    return (await this.signIn('operator')).post('/api/admin/maintenance/run').expectOk<MaintenanceReport>();
  }

  /** Stops the server and keeps its database and files. */
  stop(): Promise<void> {
    this.#stopping ??= this.nest.close();
    return this.#stopping;
  }

  async discard(): Promise<void> {
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.stop();
    await this.discard();
  }

  #signInOwner(): Promise<TestOperator> {
    return TestOperator.signIn(this.api, OWNER.username, OWNER.password);
  }

  async #signInNew(role: Role): Promise<TestOperator> {
    const user = { username: role, password: PASSWORD, role };
    await (await this.signIn('owner')).post('/api/admin/users', user).expectOk();
    return TestOperator.signIn(this.api, user.username, user.password);
  }
}

const running: TestApp[] = [];

/** Of all servers of a test file: they have the same routes. */
let declared: DeclaredAnswers | null = null;

/** Whatever a test is about, an answer that is not what the API's description declares fails it. */
const inspectorOf = async (nest: NestExpressApplication) => {
  const document = declared ? null : await createOpenApi(nest, '');
  declared ??= new DeclaredAnswers(document!);
  const answers = declared;
  return (answer: ApiAnswer) => {
    const fault = answers.faultOf(answer);
    if (fault !== null) throw new Error(fault);
  };
};

/** The routes that answer in an envelope, and those of them that have, in this test file. */
export const declaredAnswers = (): Pick<DeclaredAnswers, 'enveloped' | 'seen'> => {
  if (!declared) throw new Error('No server has answered yet.');
  return declared;
};

/** A new place with an empty database. */
export const aTestPlace = async (kind: DatabaseKind = testDatabaseKind()): Promise<TestPlace> => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-e2e-'));
  return { folder, database: await createTestDatabase(kind, folder), clock: new FakeClock() };
};

/** Starts a server that is closed after the test file, whatever happens in it. */
export const startTestApp = async ({ config = {}, beside }: TestAppOptions = {}): Promise<TestApp> => {
  const { folder, database, clock } = beside ?? (await aTestPlace());
  const testing = await Test.createTestingModule({
    imports: [AppModule.forRoot(aTestConfig({ dataDir: folder, database: database.config, ...config }))],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const nest = testing.createNestApplication<NestExpressApplication>(new EnvelopeAdapter(), {
    bodyParser: false,
    logger: false,
  });
  applyPipeline(nest);
  await nest.listen(0, '127.0.0.1');
  const api = new ApiClient(await nest.getUrl(), await inspectorOf(nest));
  const app = new TestApp(nest, api, clock, folder, database);
  running.push(app);
  return app;
};

afterAll(async () => {
  const apps = running.splice(0);
  await Promise.all(apps.map((app) => app.stop()));
  for (const app of apps) await app.discard();
});
