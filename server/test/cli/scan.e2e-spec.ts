import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '#testing';
import { Database } from '../../src/database/database.js';
import { tourTheAudit } from '../support/audit-tour.js';
import { PUBLIC_URL } from '../support/passkeys.js';
import { runOpstage, spawnOpstage } from '../support/run-opstage.js';
import { aStartedPlace, OWNER, startTestApp } from '../support/start-test-app.js';
import { TEST_SECRET } from '../support/test-config.js';

describe('opstage scan', () => {
  it('finds no secret in an installation after a tour through all features', async () => {
    const app = await startTestApp({
      beside: await aStartedPlace('sqlite'),
      config: { backupIntervalHours: 24, publicBaseUrl: PUBLIC_URL },
    });
    const agent = await app.enrolAgent();
    await tourTheAudit(app);
    const drafts = () => readdirSync(join(app.folder, 'backups')).filter((name) => name.startsWith('draft-'));
    await eventually('the downloaded backup is removed', () => drafts().length === 0);
    const values = join(app.folder, 'values.txt');
    writeFileSync(values, [OWNER.password, agent.token, 'k-123', 'a password long enough'].join('\n'));
    const { code, output, errors } = await runOpstage(app, ['scan', '--values', values]);
    expect({ code, errors, output }).toEqual({
      code: 0,
      errors: '',
      output: expect.stringMatching(/^0 found in \d+ files\.\n$/) as string,
    });
    expect(Number(/in (\d+) files/.exec(output)?.[1])).toBeGreaterThanOrEqual(4);
  });

  it('reports kind and place of each secret but not the secret, and exits with 1', async () => {
    const app = await startTestApp({ beside: await aStartedPlace('sqlite') });
    const token = `opstage_agent_${'leaked'.repeat(8)}`;
    const insert = `INSERT INTO settings (id, key, value, updated_at) VALUES ('set_1', 'a', '{"note":"${token}"}', 0)`;
    await app.nest.get(Database).transaction((tx) => tx.execute(insert));
    writeFileSync(join(app.folder, 'server.log'), `{"secret":"${TEST_SECRET}","hash":"$argon2id$v=19$m=1"}`);
    const elsewhere = join(app.folder, 'notes');
    const values = join(app.folder, 'values');
    writeFileSync(elsewhere, 'the code is 4711-0815');
    writeFileSync(values, '\n4711-0815\n');
    const { code, output } = await spawnOpstage(app, ['scan', elsewhere, '--values', values]);
    expect(code).toBe(1);
    expect(output).toMatch(/opstage\.db(?:-wal)?, byte \d+: agent token/);
    expect(output).toMatch(/server\.log, byte 11: session secret/);
    expect(output).toMatch(/server\.log, byte \d+: password hash/);
    expect(output).toMatch(/notes, byte 12: line 2 of /);
    expect(output).not.toMatch(/leaked|4711|enough/);
  });
});
