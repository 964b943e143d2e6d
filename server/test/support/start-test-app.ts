import 'reflect-metadata';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import type { AgentDescription, AuditAction, AuditEvent, DatabaseKind, MaintenanceReport, Role } from '#contracts';
import { anAgentDescription, type ApiAnswer, ApiClient, TestAgent, TestOperator } from '#testing';
import { AppModule } from '../../src/app.module.js';
import { Clock } from '../../src/common/clock.js';
import type { AppConfig } from '../../src/config/app-config.js';
import { EnvelopeAdapter } from '../../src/http/envelope.adapter.js';
import { AgentLiveness } from '../../src/modules/agents/liveness/agent-liveness.js';
import { ServiceFreshness } from '../../src/modules/agents/services/service-freshness.js';
import { Passwords } from '../../src/modules/auth/passwords/passwords.js';
import { applyPipeline } from '../../src/pipeline.js';
import { DeclaredAnswers } from './declared-answers.js';
import { FakeClock } from './fake-clock.js';
import { RememberedPasswords } from './remembered-passwords.js';
import { madeOnce, newTemplateFolder } from './templates.js';
import { aTestConfig } from './test-config.js';
import { createTestDatabase, type TestDatabase, testDatabaseKind } from './test-database.js';

export const OWNER = { username: 'owner', password: 'correct horse battery' } as const;

/** Password of the users that {@link TestApp.signIn} and {@link TestApp.newUser} create. */
export const PASSWORD = 'a phrase that nobody guesses';

/** The parts that outlive a server: its data directory, database and clock. */
export interface TestPlace {
  readonly folder: string;
  readonly database: TestDatabase;
  readonly clock: FakeClock;
}

interface TestAppOptions {
  readonly config?: Partial<AppConfig>;
  /** The place of another server, running or stopped. */
  readonly beside?: TestPlace;
}

/** The complete server on its own database, listening on loopback. */
export class TestApp implements TestPlace {
  readonly #operators = new Map<Role, Promise<TestOperator>>();
  readonly #created = new Set<Role>();
  #newUsers = 0;
  /** The clock's advances when the owner last signed in or confirmed who they are. */
  #confirmedAtMs = 0;
  #stopping: Promise<void> | null = null;

  constructor(
    readonly nest: NestExpressApplication,
    readonly api: ApiClient,
    readonly clock: FakeClock,
    readonly folder: string,
    readonly database: TestDatabase,
  ) {}

  /** Returns a signed-in user with this role, the same one for every call. */
  signIn(role: Role): Promise<TestOperator> {
    const operator = this.#operators.get(role) ?? (role === 'owner' ? this.#signInOwner() : this.#signInNew(role));
    this.#operators.set(role, operator);
    return operator;
  }

  /** Creates and signs in a user with this role that no other test uses. */
  async newUser(role: Role): Promise<TestOperator> {
    this.#newUsers += 1;
    return this.#create(role, `${role}-${this.#newUsers}`);
  }

  /** Returns the owner, who has just confirmed who they are: a test may have advanced the clock since the sign-in. */
  async confirmedOwner(): Promise<TestOperator> {
    const owner = await this.signIn('owner');
    if (this.#confirmedAtMs !== this.clock.offsetMs) await owner.confirm(OWNER.password);
    this.#confirmedAtMs = this.clock.offsetMs;
    return owner;
  }

  /** Registers a new agent. */
  async enrolAgent(overrides: Partial<AgentDescription> = {}): Promise<TestAgent> {
    const { token } = await (await this.signIn('operator')).createToken();
    return TestAgent.register(this.api, { registrationToken: token, agent: anAgentDescription(overrides) });
  }

  /** Returns the audit events with these actions, newest first. */
  async auditEvents(...actions: readonly AuditAction[]): Promise<readonly AuditEvent[]> {
    const filter = actions.map((action) => `action=${action}`).join('&');
    const owner = await this.signIn('owner');
    return (await owner.get(`/api/admin/audit-events?pageSize=100&${filter}`).expectPage<AuditEvent>()).data;
  }

  /** Returns the audit events with these actions and this target, newest first. */
  async auditEventsAbout(targetId: string, ...actions: readonly AuditAction[]): Promise<readonly AuditEvent[]> {
    return (await this.auditEvents(...actions)).filter((event) => event.targetId === targetId);
  }

  /** Writes the buffered last-seen times of agents and services, which the server flushes every second. */
  async settle(): Promise<void> {
    await Promise.all([this.nest.get(AgentLiveness).flush(), this.nest.get(ServiceFreshness).flush()]);
  }

  /** Makes {@link signIn} open new sessions: those of an earlier test may have expired. */
  forgetSessions(): void {
    this.#operators.clear();
  }

  async runMaintenance(): Promise<MaintenanceReport> {
    return (await this.signIn('operator')).post('/api/admin/maintenance/run').expectOk<MaintenanceReport>();
  }

  /** Stops the server but keeps its database and files. */
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
    if (this.#created.has(role)) return TestOperator.signIn(this.api, role, PASSWORD);
    this.#created.add(role);
    return this.#create(role, role);
  }

  async #create(role: Role, username: string): Promise<TestOperator> {
    const owner = await this.confirmedOwner();
    await owner.post('/api/admin/users', { username, password: PASSWORD, role }).expectOk();
    return TestOperator.signIn(this.api, username, PASSWORD);
  }
}

const running: TestApp[] = [];
const passwords = new RememberedPasswords();

/** Shared by all servers of a test file, which have the same routes. */
let declared: DeclaredAnswers | null = null;

const API_DESCRIPTION = join(__dirname, '../../../dist/api-docs/openapi.json');

/** Fails the test when any answer differs from what the API description declares. */
const inspectAnswers = () => {
  declared ??= new DeclaredAnswers(JSON.parse(readFileSync(API_DESCRIPTION, 'utf8')) as OpenAPIObject);
  const answers = declared;
  return (answer: ApiAnswer) => {
    const fault = answers.faultOf(answer);
    if (fault !== null) throw new Error(fault);
  };
};

/** The routes that answer in an envelope, and the ones that have done so in this test file. */
export const declaredAnswers = (): Pick<DeclaredAnswers, 'enveloped' | 'seen'> => {
  if (!declared) throw new Error('No server has answered yet.');
  return declared;
};

/** Starts a server that the caller has to stop. */
const launch = async ({ folder, database, clock }: TestPlace, config: Partial<AppConfig>): Promise<TestApp> => {
  const testing = await Test.createTestingModule({
    imports: [AppModule.forRoot(aTestConfig({ dataDir: folder, database: database.config, ...config }))],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .overrideProvider(Passwords)
    .useValue(passwords)
    .compile();
  const nest = testing.createNestApplication<NestExpressApplication>(new EnvelopeAdapter(), {
    bodyParser: false,
    logger: false,
  });
  applyPipeline(nest);
  await nest.listen(0, '127.0.0.1');
  const api = new ApiClient(await nest.getUrl(), inspectAnswers());
  return new TestApp(nest, api, clock, folder, database);
};

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'opstage-e2e-'));

/** Returns a new place with an empty database. */
export const aTestPlace = async (kind: DatabaseKind = testDatabaseKind()): Promise<TestPlace> => {
  const folder = newFolder();
  return { folder, database: await createTestDatabase(kind, folder), clock: new FakeClock() };
};

/** The result of a first start with the test configuration: the current schema and an owner. */
interface StartedTemplate {
  readonly folder: string;
  readonly databaseName: string;
}

const startedTemplate = async (kind: DatabaseKind): Promise<StartedTemplate> => {
  const text = await madeOnce(`started-${kind}.json`, async () => {
    const folder = newTemplateFolder();
    const database = await createTestDatabase(kind, folder);
    await (await launch({ folder, database, clock: new FakeClock() }, {})).stop();
    return JSON.stringify({ folder, databaseName: database.name } satisfies StartedTemplate);
  });
  return JSON.parse(text) as StartedTemplate;
};

/** Returns a new place copied from a template, which saves the migrations and hashing the first owner's password. */
export const aStartedPlace = async (kind: DatabaseKind = testDatabaseKind()): Promise<TestPlace> => {
  const template = await startedTemplate(kind);
  const folder = newFolder();
  cpSync(template.folder, folder, { recursive: true });
  return { folder, database: await createTestDatabase(kind, folder, template.databaseName), clock: new FakeClock() };
};

/** Settings that the template's owner, seals and signatures depend on. */
const OF_THE_FIRST_START = ['adminUsername', 'adminPassword', 'sessionSecrets', 'auditStream'] as const;

const aPlaceFor = (config: Partial<AppConfig>): Promise<TestPlace> =>
  OF_THE_FIRST_START.some((setting) => setting in config) ? aTestPlace() : aStartedPlace();

/** Starts a server that is stopped and removed after the test file. */
export const startTestApp = async ({ config = {}, beside }: TestAppOptions = {}): Promise<TestApp> => {
  const app = await launch(beside ?? (await aPlaceFor(config)), config);
  running.push(app);
  return app;
};

const shared = new Map<string, { readonly app: Promise<TestApp>; time: number }>();

/**
 * Returns the server that this test file shares for this configuration. It is not reset between tests: each test uses
 * its own agents and users and counts only what belongs to them.
 */
export const sharedTestApp = async (config: Partial<AppConfig> = {}): Promise<TestApp> => {
  const key = JSON.stringify(config);
  const entry = shared.get(key) ?? { app: startTestApp({ config }), time: 0 };
  shared.set(key, entry);
  const app = await entry.app;
  if (entry.time !== app.clock.offsetMs) app.forgetSessions();
  entry.time = app.clock.offsetMs;
  return app;
};

afterAll(async () => {
  const apps = running.splice(0);
  await Promise.all(apps.map((app) => app.stop()));
  for (const app of apps) await app.discard();
  await passwords.end();
});
