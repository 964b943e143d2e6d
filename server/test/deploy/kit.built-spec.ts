import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { freePort, ServerUnderTest } from '#testing';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'opstage-kit-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program of the system; returns its output. @throws with what it said when it fails */
const run = (program: string, args: readonly string[], input = ''): string =>
  execFileSync(program, args, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe'] });

const deployed = (...parts: readonly string[]): string => join('deploy', ...parts);

describe('the unit of systemd', () => {
  it('is valid', () => {
    const unit = join(folder, 'opstage.service');
    const text = readFileSync(deployed('systemd', 'opstage.service'), 'utf8');
    expect(text).toContain('ExecStart=/opt/opstage/opstage start');
    writeFileSync(unit, text.replace('/opt/opstage/opstage', '/bin/true'));
    expect(run('systemd-analyze', ['verify', '--man=no', unit])).toBe('');
  });

  it('exposes the machine to little', () => {
    const args = ['security', '--offline=true', '--no-pager', '--threshold=15'];
    const report = run('systemd-analyze', [...args, deployed('systemd', 'opstage.service')]);
    expect(Number(/Overall exposure level for opstage.service: ([\d.]+)/.exec(report)?.[1])).toBeLessThanOrEqual(1.5);
  });
});

/** Validates the manifests of standard input. In a Node of its own: the package is for `import` only, which Jest replaces. */
const VALIDATE = `
import { text } from 'node:stream/consumers';
import { StatefulSet } from 'kubernetes-models/apps/v1';
import { Service } from 'kubernetes-models/v1';
for (const manifest of JSON.parse(await text(process.stdin))) new { Service, StatefulSet }[manifest.kind](manifest).validate();
`;

describe('the manifests for Kubernetes', () => {
  interface Manifest {
    readonly kind: string;
    readonly spec: { readonly replicas?: number; readonly template: { readonly spec: Record<string, unknown> } };
  }

  const built = (name: string): Manifest[] =>
    loadAll(run('kubectl', ['kustomize', deployed('kubernetes', name)])) as Manifest[];

  it.each([
    ['base', 1],
    ['replicas', 2],
  ])('%s has valid objects and %i servers', (name, replicas) => {
    const objects = built(name);
    run(process.execPath, ['--input-type=module', '--eval', VALIDATE], JSON.stringify(objects));
    expect(objects.map(({ kind }) => kind).sort()).toEqual(['Service', 'StatefulSet']);
    const { spec } = objects.find(({ kind }) => kind === 'StatefulSet')!;
    expect(spec.replicas).toBe(replicas);
    // Otherwise a Service named `opstage` sets OPSTAGE_PORT.
    expect(spec.template.spec).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false });
    expect(spec.template.spec.containers).toMatchObject([
      { securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false } },
    ]);
  });
});

describe('the compose file', () => {
  it('passes `.env` in, publishes on loopback unless told otherwise, and has the limits of the tested image', () => {
    const { services } = load(readFileSync(deployed('compose.yaml'), 'utf8')) as {
      readonly services: Record<string, unknown>;
    };
    expect(services.opstage).toMatchObject({
      ports: ['${OPSTAGE_PUBLISH:-127.0.0.1:8080}:8080'],
      env_file: [{ path: '.env', required: false }],
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });
});

describe('the alert rules', () => {
  it('are valid, fire when they should, and only then', () => {
    run('promtool', ['check', 'rules', deployed('prometheus', 'opstage.rules.yml')]);
    run('promtool', ['test', 'rules', deployed('prometheus', 'opstage.rules.test.yml')]);
  });

  it('use metrics that a server has, which Prometheus reads', async () => {
    const port = await freePort();
    const settings = { OPSTAGE_METRICS_PORT: String(port), OPSTAGE_MAINTENANCE_INTERVAL_SECONDS: '1' };
    const server = await ServerUnderTest.start({ dataDir: join(folder, 'data'), settings });
    const scraped = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    await server.stop();
    // Three names of prom-client's own gauges do not please it.
    const own = scraped.replace(/^.*nodejs_active_\w+_total.*\n/gm, '');
    run('promtool', ['check', 'metrics', '--extended'], own);
    const rules = readFileSync(deployed('prometheus', 'opstage.rules.yml'), 'utf8');
    const used = new Set([...rules.matchAll(/opstage_\w+/g)].map(([name]) => name));
    expect(used.size).toBeGreaterThan(5);
    for (const name of used) expect(scraped).toContain(`# TYPE ${name.replace(/_(bucket|count|sum)$/, '')} `);
  });
});
