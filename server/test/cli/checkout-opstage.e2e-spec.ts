import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

describe('opstage of a checkout', () => {
  let folder: string;
  const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const run = () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/opstage.mjs', 'users', 'list'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { code: status, output: stdout, errors: stderr };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-checkout-'));
    cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(ROOT, name), join(folder, name));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('neither installs nor builds what is missing, and says what to run', () => {
    const before = files();
    expect(run()).toEqual({
      code: 78,
      output: '',
      errors: 'Opstage CE has not been built here. Run `npm start` or `npm run build` first.\n',
    });
    expect(files()).toEqual(before);
  });

  it('does not replace a build that a server may be running from, when the sources are newer', () => {
    for (const part of ['libs', 'server']) mkdirSync(join(folder, 'dist', part), { recursive: true });
    writeFileSync(join(folder, 'dist', 'server.sha256'), 'of other sources');
    const before = files();
    const { code, output, errors } = run();
    expect({ code, output }).toEqual({ code: 78, output: '' });
    expect(errors).toMatch(/^The sources are newer than what was built of them\. .*`npm start`.*\n$/);
    expect(files()).toEqual(before);
  });
});

describe('the documents', () => {
  const filesIn = (path: string): string[] =>
    readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:md|mjs|ts|html|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));

  it('run no bare npx opstage: outside of a checkout it would run whatever somebody published by that name', () => {
    const folders = ['docs', 'console/src', 'server/src', 'scripts', 'libs'].flatMap(filesIn);
    const files = [...folders, join(ROOT, 'README.md'), join(ROOT, 'CHANGELOG.md'), join(ROOT, 'CONTRIBUTING.md')];
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => /npx (?:--\S+ )*opstage [a-z<]/.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
