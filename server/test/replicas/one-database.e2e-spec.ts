import { ModulesContainer } from '@nestjs/core';
import { AppConfig } from '../../src/config/app-config.js';
import { Passwords } from '../../src/modules/auth/passwords/passwords.js';
import { startReplicas } from '../support/replicas.js';
import type { TestApp } from '../support/start-test-app.js';

/** Every object that Nest made for this server. */
const partsOf = ({ nest }: TestApp): Set<unknown> => {
  const modules = [...nest.get(ModulesContainer).values()];
  const instances = modules.flatMap(({ providers, controllers }) => [...providers.values(), ...controllers.values()]);
  return new Set(instances.map(({ instance }) => instance).filter((one) => typeof one === 'object'));
};

describe('two servers of these tests', () => {
  it('share nothing in memory but the time, and the thread that hashes passwords', async () => {
    const { place, a, b } = await startReplicas();
    const [ofA, ofB] = [partsOf(a), partsOf(b)];
    expect(ofA.size).toBeGreaterThan(100);
    expect([...ofA].filter((part) => part !== null && ofB.has(part))).toEqual([place.clock, a.nest.get(Passwords)]);
    expect(a.nest.get(AppConfig).database).toEqual(b.nest.get(AppConfig).database);
  });

  it('are asked in turns', async () => {
    const { a, b, both } = await startReplicas();
    const asked = { a: 0, b: 0 };
    a.nest.getHttpServer().on('request', () => (asked.a += 1));
    b.nest.getHttpServer().on('request', () => (asked.b += 1));
    for (let i = 0; i < 6; i += 1) await both.get('/api/system/version').expectOk();
    expect(asked).toEqual({ a: 3, b: 3 });
  });
});
