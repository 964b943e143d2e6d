import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRET_FILE, secretFromFile } from './secret-file.js';

describe('secretFromFile', () => {
  const root = mkdtempSync(join(tmpdir(), 'opstage-secret-'));
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  it('makes a long secret once, in a folder and file only the owner can read', () => {
    const folder = join(root, 'data');
    const secret = secretFromFile(folder);
    expect(secret.length).toBeGreaterThanOrEqual(64);
    expect(secretFromFile(folder)).toBe(secret);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, SECRET_FILE)).mode & 0o777).toBe(0o600);
  });
});
