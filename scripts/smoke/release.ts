/**
 * Installs what `npm run release` made in empty folders outside of the checkout, and runs it there: the smoke chapters, every
 * command's help, PostgreSQL, and the npm package. Prints what starts take; a busy machine makes no check fail.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { SystemVersion } from '#contracts';
import { freePort, Program } from '#testing';
import { chaptersOf, whatRemains } from './chapters.js';
import { check, conclude, note, runChapters } from './checks.js';
import { Installation } from './installation.js';
import { artifact, bareSystem, commandsIn, fingerprint, makeReadOnly, RELEASE, runBare } from './release-files.js';

const folder = mkdtempSync(join(tmpdir(), 'opstage-release-'));
execFileSync('tar', ['-C', folder, '-xzf', artifact('-linux-x64.tar.gz')]);
const standalone = join(folder, basename(artifact('-linux-x64.tar.gz')).replace(/-linux-x64.*/, ''));
const opstage = join(standalone, 'opstage');
makeReadOnly(standalone);
const unpacked = fingerprint(standalone);
const PATH = bareSystem(join(folder, 'bin'));
const installation = await Installation.create({ executable: opstage, settings: { PATH } });

/** Checks that the server is ready, shows how long that took, and ends it. */
const startAndStop = async (program: Program, begin = performance.now()): Promise<void> => {
  await program.prints(/is ready at/);
  note(`ready after ${Math.round(performance.now() - begin)} ms`);
  assert.equal(await program.stop(), 0);
};

const files = async (): Promise<void> => {
  await check('the checksums are right', () => {
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: RELEASE, stdio: 'ignore' });
  });
  await check('a second build is the same to the byte', () => {
    const again = join(folder, 'again');
    execFileSync(process.execPath, ['scripts/release.mjs', again], { stdio: 'ignore' });
    assert.equal(readFileSync(join(again, 'SHA256SUMS'), 'utf8'), readFileSync(join(RELEASE, 'SHA256SUMS'), 'utf8'));
    rmSync(again, { recursive: true });
  });
};

const version = async (): Promise<void> => {
  await check('the server names its build', async () => {
    const server = installation.startServer();
    await installation.ready(server);
    const { kind, commit, buildTime } = await installation.api.get('/api/system/version').expectOk<SystemVersion>();
    const manifest = readFileSync(join(standalone, 'app', 'package.json'), 'utf8');
    const { opstage: made } = JSON.parse(manifest) as { opstage: { build: { commit: string | null; time: string } } };
    assert.deepEqual({ kind, commit, time: buildTime }, { ...made.build, kind: 'release' });
    assert.ok(!Number.isNaN(Date.parse(buildTime ?? '')), String(buildTime));
    assert.equal(await server.stop(), 0);
  });
  await check('the server gives out the SDK', async () => {
    const server = installation.startServer();
    await installation.ready(server);
    const read = (path: string): Promise<Response> => fetch(`${installation.url}/sdk/${path}`);
    const { recommended } = (await (await read('index.json')).json()) as { readonly recommended: string };
    assert.equal((await read(recommended)).status, 200);
    assert.equal(await server.stop(), 0);
  });
};

const commands = async (): Promise<void> => {
  const help = (...args: readonly string[]): string => {
    const { code, output, errors } = runBare(opstage, [...args, '--help'], installation.folder, { PATH });
    assert.deepEqual([code, errors], [0, ''], `opstage ${args.join(' ')} --help`);
    return output;
  };
  await check('every command has its help', () => {
    const names = commandsIn(help());
    assert.ok(names.includes('start') && names.includes('backup') && names.includes('doctor'), names.join(' '));
    for (const name of names) for (const part of commandsIn(help(name))) help(name, part);
  });
  await check('a backup is made, and opened again', () => {
    const { code, output } = runBare(opstage, ['backup'], installation.folder, { PATH });
    assert.equal(code, 0);
    assert.match(output, /verified|sound/);
  });
  await check('in an empty folder a command makes nothing and exits with 78', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    assert.equal(runBare(opstage, ['users', 'list'], empty, { PATH }).code, 78);
    assert.deepEqual(readdirSync(empty), []);
  });
};

const postgres = async (): Promise<void> => {
  await check('a first start on PostgreSQL', async () => {
    const settings = { DATABASE_URL: process.env.OPSTAGE_TEST_POSTGRES_URL ?? '' };
    assert.notEqual(settings.DATABASE_URL, '');
    const dataDir = join(folder, 'postgres-data');
    await startAndStop(installation.startServer({ ...settings, OPSTAGE_DATA_DIR: dataDir }));
  });
};

const untouched = async (): Promise<void> => {
  await check('nothing was written beside the program', () => {
    assert.deepEqual(fingerprint(standalone), unpacked);
  });
};

const npmPackage = async (): Promise<void> => {
  const place = join(folder, 'npm');
  mkdirSync(place);
  const bin = join(place, 'node_modules', '.bin', 'opstage-ce');
  await check('npm installs it, without running a script', () => {
    writeFileSync(join(place, 'package.json'), '{"private":true}');
    const npm = ['install', '--no-audit', '--no-fund', '--ignore-scripts', artifact('.tgz')];
    execFileSync('npm', npm, { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] });
  });
  const settings = { OPSTAGE_PORT: String(await freePort()) };
  await check('opstage-ce start runs the server; SIGTERM ends it with code 0', async () => {
    await startAndStop(new Program('', { executable: bin, args: ['start'], folder: place, settings }));
  });
  await check('it has the same commands', () => {
    const { code, output } = runBare(bin, ['users', 'list'], place, process.env);
    assert.equal(code, 0);
    assert.match(output, /admin/);
  });
  await check('an old Node is told which one is needed', () => {
    const old = join(place, 'old.cjs');
    writeFileSync(old, "Object.defineProperty(process.versions, 'node', { value: '16.20.2' });");
    const { code, errors } = runBare(bin, ['start'], place, { ...process.env, NODE_OPTIONS: `--require=${old}` });
    assert.equal(code, 78);
    assert.match(errors, /^Opstage CE needs Node \d+\.\d+ or newer; .* is Node 16\.20\.2\.\n$/);
  });
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const allPassed = await runChapters([
  ['The files', files],
  ...chaptersOf(installation),
  ['The build', version],
  ['The commands', commands],
  ['PostgreSQL', postgres],
  whatRemains(installation),
  ['The program', untouched],
  ['The npm package', npmPackage],
]);
await installation.stop();
installation.remove();
for (const entry of readdirSync(standalone, { recursive: true, withFileTypes: true }))
  if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
rmSync(folder, { recursive: true, force: true });
conclude();
process.exitCode = allPassed ? 0 : 1;
