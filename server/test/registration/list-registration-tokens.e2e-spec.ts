import type { RegistrationToken } from '#contracts';
import type { TestOperator } from '#testing';
import { register } from '../support/registration-attempts.js';
import { startTestApp } from '../support/start-test-app.js';

const TOKENS = '/api/admin/registration-tokens';

let viewer: TestOperator;
beforeAll(async () => {
  const app = await startTestApp();
  const operator = await app.signIn('operator');
  viewer = await app.signIn('viewer');
  await operator.createToken({ name: 'expired 100%', expiresInSeconds: 60 });
  app.clock.advance(61);
  const revoked = await operator.createToken({ name: 'Revoked one' });
  await operator.post(`${TOKENS}/${revoked.id}/revoke`).expectOk();
  app.clock.advance(1);
  const used = await operator.createToken({ name: 'used_one' });
  await register(app, used.token).expectOk();
  app.clock.advance(1);
  await operator.createToken({ agentCode: 'some-agent', expiresInSeconds: null });
});

const names = async (query: string): Promise<(string | null)[]> =>
  (await viewer.get(`${TOKENS}?${query}`).expectPage<RegistrationToken>()).data.map(({ name }) => name);

describe('the list of registration tokens', () => {
  it('is newest first, without any plaintext', async () => {
    const page = await viewer.get(TOKENS).expectPage<RegistrationToken>();
    expect(page.pagination).toEqual({ page: 1, pageSize: 20, total: 4 });
    expect(page.data.map(({ name, status }) => [name, status])).toEqual([
      [null, 'ACTIVE'],
      ['used_one', 'USED'],
      ['Revoked one', 'REVOKED'],
      ['expired 100%', 'EXPIRED'],
    ]);
    for (const row of page.data) expect(row).not.toHaveProperty('token');
  });

  it('is filtered by current status, one or several', async () => {
    expect(await names('status=EXPIRED')).toEqual(['expired 100%']);
    expect(await names('status=ACTIVE')).toEqual([null]);
    expect(await names('status=USED&status=REVOKED')).toEqual(['used_one', 'Revoked one']);
  });

  it('is searched by name and agent code, with % and _ taken literally', async () => {
    expect(await names('q=REVOKED')).toEqual(['Revoked one']);
    expect(await names('q=some-ag')).toEqual([null]);
    expect(await names('q=%25')).toEqual(['expired 100%']);
    expect(await names('q=_')).toEqual(['used_one']);
    expect(await names('q=one&status=USED')).toEqual(['used_one']);
  });

  it('is sorted as requested, with unset values last', async () => {
    expect(await names('sort=createdAt')).toEqual(['expired 100%', 'Revoked one', 'used_one', null]);
    expect((await names('sort=-expiresAt')).at(-1)).toBeNull();
    expect((await names('sort=name')).at(-1)).toBeNull();
  });

  it('is paged', async () => {
    const page = await viewer.get(`${TOKENS}?page=2&pageSize=3`).expectPage<RegistrationToken>();
    expect(page.pagination).toEqual({ page: 2, pageSize: 3, total: 4 });
    expect(page.data.map(({ name }) => name)).toEqual(['expired 100%']);
  });

  it.each(['page=0', 'page=abc', 'pageSize=101', 'status=GONE', 'sort=tokenHash', 'unknown=1'])(
    'refuses %s',
    async (query) => {
      await viewer.get(`${TOKENS}?${query}`).expectError(422, 'VALIDATION_FAILED');
    },
  );
});
