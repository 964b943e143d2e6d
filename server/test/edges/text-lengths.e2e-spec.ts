import { getMetadataStorage } from 'class-validator';
import { getMetadataArgsStorage } from 'typeorm';
import type { DatabaseKind, ReportedService } from '#contracts';
import { aReportedService, anAction } from '#testing';
import { AgentEntity } from '../../src/modules/agents/agent.entity.js';
import {
  ReportedActionBody,
  ReportedConfigBody,
  ReportedServiceBody,
} from '../../src/modules/agents/reports/dto/report.dto.js';
import { CapsuleServiceEntity } from '../../src/modules/agents/services/capsule-service.entity.js';
import { ServiceActionEntity } from '../../src/modules/agents/services/service-action.entity.js';
import { ServiceConfigEntity } from '../../src/modules/agents/services/service-config.entity.js';
import { RenamePasskeyBody } from '../../src/modules/auth/passkeys/dto/passkeys.dto.js';
import { PasskeyEntity } from '../../src/modules/auth/passkeys/passkey.entity.js';
import { CreateUserBody, UpdateUserBody } from '../../src/modules/auth/users/dto/users.dto.js';
import { UserEntity } from '../../src/modules/auth/users/user.entity.js';
import { AgentDescriptionBody } from '../../src/modules/registration/register/dto/register.dto.js';
import { CreateRegistrationTokenBody } from '../../src/modules/registration/tokens/dto/registration-tokens.dto.js';
import { RegistrationTokenEntity } from '../../src/modules/registration/tokens/registration-token.entity.js';
import { GovernedService } from '../support/governed-service.js';
import { aStartedPlace, PASSWORD, startTestApp } from '../support/start-test-app.js';

/** Texts that are counted in different ways: a variation selector is a code point of its own, but no character. */
const TEXTS: readonly string[] = [
  ...[40, 41, 100, 101].map((count) => 'a\uFE0F'.repeat(count)),
  '😀'.repeat(200),
  '\u{E0100}'.repeat(201),
  'e\u0301'.repeat(101),
  'password=a '.repeat(18),
];

/** Every text at every place where a bounded one is sent; returns the statuses by place, in the order of the texts. */
const statusesOn = async (kind: DatabaseKind): Promise<Readonly<Record<string, readonly number[]>>> => {
  const app = await startTestApp({ beside: await aStartedPlace(kind) });
  const owner = await app.signIn('owner');
  const governed = await GovernedService.of(app);
  const { id } = await governed.running();
  let users = 0;
  const report = (overrides: Partial<ReportedService>) => governed.agent.report([aReportedService(overrides)]);
  const health = (message: string) => ({ health: { status: 'UP', message } }) as const;
  const places = {
    'the name of a registration token': (name: string) => owner.post('/api/admin/registration-tokens', { name }),
    'the display name of a user': (displayName: string) => {
      const user = { username: `u${(users += 1)}`, role: 'VIEWER', password: PASSWORD, displayName };
      return owner.post('/api/admin/users', user);
    },
    'the name of an agent': (name: string) => governed.agent.heartbeat({ agent: { name } }),
    'the version of an agent': (version: string) => governed.agent.heartbeat({ agent: { version } }),
    'the name of a service': (name: string) => report({ name }),
    'the version of a service': (version: string) => report({ version }),
    'the label of an action': (label: string) => report({ actions: [anAction({ label })] }),
    'the category of an action': (category: string) => report({ actions: [anAction({ category })] }),
    'the key of a config': (key: string) => report({ configs: [{ key, type: 'string' }] }),
    'the label of a config': (label: string) => report({ configs: [{ key: 'k', type: 'string', label }] }),
    'the reference of a secret': (text: string) =>
      report({ configs: [{ key: 'k', type: 'string', secretRef: text.repeat(3) }] }),
    'the message of a health report': (message: string) => report(health(message.repeat(10))),
    'the message of a progress report': (message: string) =>
      governed.agent.progress(id, { message: message.repeat(3) }),
    'the message and error of a result': async (text: string) => {
      const { id: own } = await governed.running();
      const [message, error] = [text.repeat(10), { code: text, message: text.repeat(3) }];
      return governed.agent.complete(own, { success: false, message, error });
    },
  };
  const statuses: Record<string, number[]> = {};
  for (const [place, send] of Object.entries(places)) {
    statuses[place] = [];
    for (const text of TEXTS) statuses[place].push((await send(text)).status);
  }
  return statuses;
};

describe('a text near its longest', () => {
  it('is taken or refused, and by both databases alike', async () => {
    const [sqlite, postgres] = await Promise.all([statusesOn('sqlite'), statusesOn('postgres')]);
    expect(postgres).toEqual(sqlite);
    const other = Object.values(postgres)
      .flat()
      .filter((status) => ![200, 422].includes(status));
    expect(other).toEqual([]);
    // 200 code points are the name, and 202 are not.
    expect(sqlite['the name of a registration token']?.slice(2, 4)).toEqual([200, 422]);
  });
});

type Class = new () => object;

/** What a class of requests fills of an entity. */
const FILLED: readonly (readonly [request: Class, entity: Class])[] = [
  [AgentDescriptionBody, AgentEntity],
  [ReportedServiceBody, CapsuleServiceEntity],
  [ReportedConfigBody, ServiceConfigEntity],
  [ReportedActionBody, ServiceActionEntity],
  [CreateRegistrationTokenBody, RegistrationTokenEntity],
  [CreateUserBody, UserEntity],
  [UpdateUserBody, UserEntity],
  [RenamePasskeyBody, PasskeyEntity],
];

/** The length of each column of the entity that has one. */
const columnLengths = (entity: Class): ReadonlyMap<string, number> =>
  new Map(
    getMetadataArgsStorage()
      .filterColumns(entity)
      .filter(({ options }) => options.length !== undefined)
      .map(({ propertyName, options }) => [propertyName, Number(options.length)]),
  );

/** The longest text that each field of the class takes. */
const longestTexts = (request: Class): ReadonlyMap<string, number> =>
  new Map(
    getMetadataStorage()
      .getTargetValidationMetadatas(request, '', false, false)
      .filter(({ name }) => name === 'maxLength' || name === 'isLength')
      .map(({ propertyName, constraints }) => [propertyName, Number((constraints as unknown[]).at(-1))]),
  );

describe('the limit of a field', () => {
  it.each(FILLED.map(([request, entity]) => [request.name, request, entity] as const))(
    'of %s is not above the length of its column',
    (_, request, entity) => {
      const lengths = columnLengths(entity);
      const fields = [...longestTexts(request)].filter(([field]) => lengths.has(field));
      expect(fields.length).toBeGreaterThan(0);
      expect(fields.filter(([field, max]) => max > (lengths.get(field) ?? 0))).toEqual([]);
    },
  );
});
