import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { narrowDataFolder } from './data-folder.js';

describe('the data directory', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-data-folder-'));
    chmodSync(folder, 0o755);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const modeAfter = (): number => {
    narrowDataFolder(folder);
    return statSync(folder).mode & 0o1777;
  };

  it('becomes its owner’s only, when it is empty or has our files', () => {
    expect(modeAfter()).toBe(0o700);
    chmodSync(folder, 0o750);
    writeFileSync(join(folder, 'session-secret'), '');
    expect(modeAfter()).toBe(0o700);
  });

  it('stays as it is when it is something else, or does not exist', () => {
    writeFileSync(join(folder, 'letter.txt'), '');
    expect(modeAfter()).toBe(0o755);
    rmSync(join(folder, 'letter.txt'));
    chmodSync(folder, 0o1777);
    expect(modeAfter()).toBe(0o1777);
    expect(() => {
      narrowDataFolder(join(folder, 'none'));
    }).not.toThrow();
  });
});
