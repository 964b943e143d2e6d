import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

const locked = (): readonly (readonly [string, Locked])[] => {
  const { packages } = JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, Locked>> };
  return Object.entries(packages).filter(([path]) => path !== '');
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** The Dockerfile instructions of the final image, without comments. */
const finalStage = (): readonly string[] => {
  const dockerfile = read('Dockerfile')
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '');
  const stages = dockerfile.split(/^FROM /m);
  return stages.at(-1)!.split('\n').slice(1).filter(Boolean);
};

interface Component {
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly unknown[];
}

describe('the packages', () => {
  it('ASVS 15.2.4: have exact versions and hashes, and come from the configured npm registry', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json')) as Readonly<
      Record<string, Readonly<Record<string, string>>>
    >;
    const asked = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(asked.filter((version) => !/^\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?$/.test(version))).toEqual([]);
    const loose = locked().filter(([, { version, integrity }]) => !version || !(integrity ?? '').startsWith('sha512-'));
    expect(loose).toEqual([]);
    expect(locked().filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('ASVS 15.2.4: run no code during installation', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });

  it('ASVS 15.1.2: are listed in a bill of materials with exactly those that run in production', () => {
    const file = execFileSync(process.execPath, [join(ROOT, 'scripts/sbom.mjs')], { encoding: 'utf8' }).trim();
    const sbom = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly bomFormat: string;
      readonly metadata: { readonly component: { readonly name: string } };
      readonly components: readonly Component[];
    };
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'opstage-ce' } } });
    const shipped = locked()
      .filter(([, { dev = false, devOptional = false }]) => !dev && !devOptional)
      .map(([path, { version }]) => `${nameOf(path)}@${version}`);
    const listed = sbom.components.map(({ name, version }) => `${name}@${version}`);
    expect(new Set(listed)).toEqual(new Set(shipped));
    expect(sbom.components.filter(({ hashes }) => hashes.length === 0)).toEqual([]);
  });
});

describe('the image', () => {
  it('runs as an unprivileged user that owns only the data directory', () => {
    const stage = finalStage();
    const user = stage.indexOf('USER 10001:10001');
    expect(user).toBeGreaterThan(0);
    expect(stage.slice(user).filter((line) => /^(RUN|COPY|ADD|USER) /.test(line))).toEqual(['USER 10001:10001']);
    expect(stage.filter((line) => line.includes('--chown'))).toEqual(['COPY --chown=10001:10001 data/ /data/']);
  });

  it('ASVS 15.2.3: installs nothing: it has what was built, the production packages and Node', () => {
    const stage = finalStage();
    expect(stage.filter((line) => /^(RUN|ADD) /.test(line))).toEqual([]);
    expect(stage.filter((line) => line.startsWith('COPY'))).toEqual([
      'COPY app/ /app/',
      'COPY --chown=10001:10001 data/ /data/',
    ]);
  });

  it('is started with a read-only file system and without privileges', () => {
    const compose = read('deploy/compose.yaml');
    for (const setting of [
      /read_only: true/,
      /cap_drop:\s+- ALL/,
      /no-new-privileges:true/,
      /'\$\{OPSTAGE_PUBLISH:-127\.0\.0\.1:8080\}:8080'/,
    ])
      expect(compose).toMatch(setting);
  });
});
