import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manyAuditRecords, sealAudit, writeAudit } from '../support/audit-seeds.js';
import { runOpstage, spawnOpstage } from '../support/run-opstage.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

/** The path of an export of the whole audit. */
const exportTo = async (app: TestApp, query = ''): Promise<string> => {
  const operator = await app.signIn('operator');
  const file = join(app.folder, 'audit.jsonl');
  writeFileSync(file, (await operator.get(`/api/admin/audit-events/export?format=jsonl${query}`)).text);
  return file;
};

describe('opstage audit verify', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await writeAudit(app, manyAuditRecords(20));
    await sealAudit(app);
  });

  it('confirms an unchanged export, and says what a filtered one cannot prove', async () => {
    const whole = await runOpstage(app, ['audit', 'verify', await exportTo(app)]);
    expect(whole).toMatchObject({
      code: 0,
      output: expect.stringMatching(/unchanged: \d+ events in \d+ segments match their seals\.\nRoot/) as string,
    });
    const part = await runOpstage(app, ['audit', 'verify', await exportTo(app, '&action=service.moved')]);
    expect(part).toMatchObject({ code: 0, output: expect.stringContaining('was filtered') as string });
  });

  it('reports the first changed event, and exits with 1', async () => {
    const file = await exportTo(app);
    const lines = readFileSync(file, 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('"service.moved"'));
    lines[at] = lines[at]!.replace('seeded', 'forged');
    writeFileSync(file, lines.join('\n'));
    const { code, errors } = await spawnOpstage(app, ['audit', 'verify', file]);
    expect(code).toBe(1);
    expect(errors).toContain(/aud_\w{26}/.exec(lines[at])![0]);
  });

  it('reports a missing file', async () => {
    const { code, errors } = await runOpstage(app, ['audit', 'verify', join(app.folder, 'none')]);
    expect({ code, errors }).toEqual({
      code: 1,
      errors: expect.stringMatching(/^There is no file .*none\.\n$/) as string,
    });
  });
});
