/**
 * Builds the image and runs it, without a registry: `npm run test:image`, after `npm run build`, as root on Debian. Its base is made
 * from Debian packages; everything is in a temporary folder, the storage of the images too.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError, runScript, say } from './lib/entry.mjs';
import { inProject, readProjectJson } from './lib/project.mjs';

const BASE_PACKAGES = 'libc6,libstdc++6,libgcc-s1,ca-certificates,tzdata';
const IMAGE = 'localhost/opstage-ce';
const USER = 10_001;
const READY_MS = 60_000;
const OWNER = { username: 'owner', password: 'correct horse battery' };

const folder = mkdtempSync(join(tmpdir(), 'opstage-image-'));
// vfs needs nothing of the kernel; the folders keep what this run makes apart from the machine's own images.
const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];

const run = (program, args) => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });
  } catch (error) {
    if (error.code === 'ENOENT')
      throw new PlainError('On Debian: apt-get install --no-install-recommends buildah podman runc mmdebstrap');
    throw new PlainError(`${program} ${args.join(' ')}\n${error.stderr ?? ''}${error.stdout ?? ''}`);
  }
};

const timed = async (what, work) => {
  const start = performance.now();
  const result = await work();
  say(`${what}: ${((performance.now() - start) / 1_000).toFixed(1)} s`);
  return result;
};

const buildah = (...args) => run('buildah', [...storage, ...args]);
const podman = (...args) => run('podman', [...storage, '--runtime', 'runc', '--cgroup-manager', 'cgroupfs', ...args]);

const buildBase = () => {
  const base = join(folder, 'base');
  const release = /VERSION_CODENAME=(\w+)/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  run('mmdebstrap', ['--quiet', '--variant=extract', `--include=${BASE_PACKAGES}`, release, base]);
  const container = buildah('from', 'scratch').trim();
  buildah('copy', '--quiet', container, base, '/');
  buildah('commit', '--quiet', '--rm', container, 'localhost/opstage-base');
  rmSync(base, { recursive: true });
};

const buildImage = () => {
  const context = join(folder, 'context');
  run(process.execPath, [inProject('scripts', 'image-context.mjs'), context]);
  const version = readProjectJson('package.json').version;
  const given = ['BASE_IMAGE=localhost/opstage-base', `OPSTAGE_VERSION=${version}`, 'OPSTAGE_COMMIT=abcdef0'];
  const args = given.flatMap((arg) => ['--build-arg', arg]);
  const how = ['--isolation', 'chroot', '--format', 'docker', '--pull-never', '--file', inProject('Dockerfile')];
  buildah('bud', '--quiet', ...how, ...args, '--tag', IMAGE, context);
  rmSync(context, { recursive: true });
};

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Starts a container with what compose.yaml sets, on the network of this machine. */
const startContainer = (port, data) => {
  const settings = [`OPSTAGE_HOST=127.0.0.1`, `OPSTAGE_PORT=${port}`];
  settings.push(`OPSTAGE_ADMIN_USERNAME=${OWNER.username}`, `OPSTAGE_ADMIN_PASSWORD=${OWNER.password}`);
  const safe = ['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--tmpfs', '/tmp'];
  // Limits below those of this process, which may not raise its own.
  const here = ['--network', 'host', '--ulimit', 'nofile=8192', '--ulimit', 'nproc=4096'];
  const args = [...safe, ...here, '--volume', `${data}:/data`, ...settings.flatMap((setting) => ['--env', setting])];
  return podman('run', '--detach', ...args, IMAGE).trim();
};

const ready = async (url, container) => {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const isHealthy = await fetch(`${url}/health`).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isHealthy) return;
    if (Date.now() > deadline) throw new PlainError(`Not healthy in time:\n${podman('logs', container)}`);
    await sleep(50);
  }
};

const statusOf = (pid, field) =>
  new RegExp(`^${field}:\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1];

/** What the process may do, as the kernel sees it. */
const checkProcess = (container) => {
  const pid = podman('inspect', '--format', '{{.State.Pid}}', container).trim();
  assert.equal(statusOf(pid, 'Uid'), String(USER));
  assert.match(statusOf(pid, 'CapEff'), /^0+$/);
  assert.match(statusOf(pid, 'CapBnd'), /^0+$/);
  assert.equal(statusOf(pid, 'NoNewPrivs'), '1');
  say(`memory: ${Math.round(statusOf(pid, 'VmRSS') / 1_024)} MB`);
};

const checkServer = async (url) => {
  const json = { 'content-type': 'application/json' };
  const signIn = await fetch(`${url}/api/admin/auth/login`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(OWNER),
  });
  assert.equal(signIn.status, 200);
  const version = await (await fetch(`${url}/api/system/version`)).json();
  assert.equal(version.data.commit, 'abcdef0');
  const { recommended } = await (await fetch(`${url}/sdk/index.json`)).json();
  assert.equal((await fetch(`${url}/sdk/${recommended}`)).status, 200);
  const page = await fetch(url);
  assert.match(await page.text(), /<app-root|<!doctype html>/i);
};

const checkImage = () => {
  const [{ Size: size, Config: config }] = JSON.parse(podman('image', 'inspect', IMAGE));
  assert.equal(config.User, `${USER}:${USER}`);
  assert.equal(config.Labels['org.opencontainers.image.title'], 'Opstage CE');
  say(`image: ${Math.round(size / 1e6)} MB`);
};

const dataFolder = () => {
  const data = join(folder, 'data');
  mkdirSync(data);
  chownSync(data, USER, USER);
  // Wider than it should be, as some volumes are: the server narrows it.
  chmodSync(data, 0o755);
  return data;
};

const runImage = async () => {
  const [port, data] = [await freePort(), dataFolder()];
  const url = `http://127.0.0.1:${port}`;
  for (const title of ['first start', 'second start']) {
    const container = await timed(`${title}, until it is healthy`, async () => {
      const started = startContainer(port, data);
      await ready(url, started);
      return started;
    });
    checkProcess(container);
    await checkServer(url);
    podman('exec', container, '/app/node', '--jitless', '--max-old-space-size=16', '/app/healthcheck.mjs');
    assert.throws(() => podman('exec', container, '/app/node', '-e', 'require("fs").writeFileSync("/app/x", "")'));
    podman('stop', '--time', '30', container);
    assert.equal(podman('inspect', '--format', '{{.State.ExitCode}}', container).trim(), '0');
    podman('rm', container);
  }
  assert.equal(statSync(data).mode & 0o777, 0o700);
};

await runScript(async () => {
  try {
    await timed('base', buildBase);
    await timed('image', buildImage);
    checkImage();
    await runImage();
    say('The image works.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
