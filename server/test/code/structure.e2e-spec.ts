import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { JOB_PHASES } from '../../src/common/maintenance-job.js';
import { ROUTE_TABLE } from '../security/route-table.js';
import { decoratorArguments, publicMembers, ROOT, sourceFiles, textsOf } from './sources.js';

const MAX_PROVIDERS = 28;
const MAX_FILES_IN_MODULE = 54;
const MAX_FILES_IN_FOLDER = 14;

/** Providers with one public method that are still a separate concept: each has state or a lifecycle. */
const SINGLE_PURPOSE = [
  // Framework extension points.
  /Guard$|Strategy$|Logger$/,
  // Listeners: they work by themselves, and others call them rarely or not at all.
  /^(AuditSealer|AuditStream|CommandWaiters|DatabaseShutdown|EventStreams|FirstOwner|MetricsServer)$/,
  // Checks of the pipeline, each with the configuration it was made from.
  /^(IpAllowList|SameOriginCheck|UserAccess|DeferredResponse|RequestStats)$/,
  // In-memory mechanisms with a private state.
  /^(AgentWarningsService|Cadence|KnownServices|PublicTimeLimit|SampledAudit|JobRegistry|JobRunner)$/,
  // Use cases that are one call of an agent, and too large to merge into a neighbour.
  /^(ActionPreparation|AgentEnrolment|AuditExport|AuditSummary|AuditVerification|Diagnostics|Dispatch|Progress|Registration|Results|Safety|Settings)Service$/,
];

/** Files that work on a database that no server has open: a copy to restore, the store of a benchmark. */
const OFFLINE_WRITERS = ['cli/restore/prepare-copy.ts', 'store-filling.ts'];

const files = sourceFiles();

/** The rows of the table "What each module owns" in docs/architecture.md. */
const owners = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')
  .split('\n## ')
  .filter((section) => section.startsWith('What each module owns'))
  .flatMap((section) => section.split('\n'))
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').slice(1, -1))
  .map((cells) => cells.map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)))
  .map(([[module = ''] = [], addresses = [], tables = [], jobs = []]) => ({ module, addresses, tables, jobs }));

/** The floors, lowest first, as the linter defines them. */
const floors = /const FLOORS = (\[[\s\S]*?\n\]);/
  .exec(readFileSync(join(ROOT, 'eslint.config.js'), 'utf8'))![1]!
  .split('\n')
  .filter((line) => line.trim().startsWith("['"))
  .map((line) => [...line.matchAll(/'(?:modules\/)?([\w-]+)'/g)].map(([, name]) => name!));

const floorOf = (module: string): number => floors.findIndex((floor) => floor.includes(module));

const ROUTE_DECORATORS = ['Get', 'Post', 'Put', 'Patch', 'Delete'];

/** Every route of the controllers, with the module of the controller. */
const addresses = files
  .filter(({ name }) => name.endsWith('.controller.ts'))
  .flatMap((file) => file.classes.map((controller) => ({ module: file.module, controller })))
  .flatMap(({ module, controller }) => {
    const admin = decoratorArguments(controller, 'AdminController');
    const prefix = admin
      ? `/api/admin/${textsOf(admin[0])[0]!}`
      : decoratorArguments(controller, 'AgentController')
        ? '/api/agents'
        : '';
    return controller.members.filter(ts.isMethodDeclaration).flatMap((handler) =>
      ROUTE_DECORATORS.flatMap((method) =>
        (decoratorArguments(handler, method) ?? [undefined]).length === 0 || decoratorArguments(handler, method)
          ? textsOf(decoratorArguments(handler, method)?.[0]).map((path) => ({
              module,
              address: `${prefix}/${path}`.replace(/\/+$/, ''),
            }))
          : [],
      ),
    );
  });

const tables = files.flatMap((file) =>
  file.classes.flatMap((entity) =>
    textsOf(decoratorArguments(entity, 'Entity')?.[0])
      .filter((table) => table !== '')
      .map((table) => ({ table, entity: entity.name?.text ?? '', module: file.module })),
  ),
);

const jobs = files.flatMap((file) =>
  file.classes.flatMap((owner) =>
    owner.members.filter(ts.isMethodDeclaration).flatMap((method) => {
      const [options] = decoratorArguments(method, 'MaintenanceJob') ?? [];
      if (!options || !ts.isObjectLiteralExpression(options)) return [];
      const read = (name: string): string =>
        options.properties
          .filter(ts.isPropertyAssignment)
          .filter((property) => property.name.getText() === name)
          .flatMap(({ initializer }) => textsOf(initializer))[0] ?? '';
      return [{ id: read('id'), phase: read('phase'), module: file.module }];
    }),
  ),
);

const providers = files.flatMap((file) =>
  file.classes
    .filter((declaration) => decoratorArguments(declaration, 'Injectable'))
    .map((declaration) => ({
      name: declaration.name?.text ?? '',
      module: file.module,
      members: publicMembers(declaration),
    })),
);

const countBy = <T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
};

const above = (counts: ReadonlyMap<string, number>, limit: number) => [...counts].filter(([, count]) => count > limit);

describe('The structure of the server', () => {
  afterAll(() => {
    const sizes = files.map(({ lines }) => lines).sort((a, b) => a - b);
    const at = (share: number): number => sizes[Math.floor(sizes.length * share)]!;
    const single = providers.filter(({ members }) => members.length <= 1).length;
    process.stdout.write(
      [
        `server/src: ${files.length} files, ${sizes.reduce((a, b) => a + b, 0)} lines`,
        `median ${at(0.5)}, p90 ${at(0.9)}, largest ${at(1 - 1 / sizes.length)} lines; ${sizes.filter((size) => size <= 30).length} files of 30 lines or less`,
        `${providers.length} providers, ${single} of them with at most one public method`,
        '',
      ].join('\n'),
    );
  });

  it('gives every address of the route table to the module that docs/architecture.md names', () => {
    const answered = new Set(addresses.map(({ address }) => address));
    const expected = new Set(
      Object.keys(ROUTE_TABLE).map((route) => route.replace(/^\w+ /, '').replace(/^(?!\/)/, '/')),
    );
    expect([...answered].sort()).toEqual([...expected].sort());
    const wrong = addresses.filter(({ module, address }) => {
      const [owner] = owners
        .flatMap((row) => row.addresses.map((prefix) => ({ module: row.module, prefix })))
        .filter(({ prefix }) => address === prefix || address.startsWith(`${prefix}/`))
        .sort((a, b) => b.prefix.length - a.prefix.length);
      return owner?.module !== module;
    });
    expect(wrong).toEqual([]);
  });

  it('gives every table and job to the module that docs/architecture.md names, and lists no others', () => {
    const named = (list: readonly { readonly module: string }[], nameOf: (one: never) => string) =>
      list.map((one) => `${one.module}: ${nameOf(one as never)}`).sort();
    const documented = (pick: (row: (typeof owners)[number]) => readonly string[]) =>
      owners.flatMap((row) => pick(row).map((name) => `${row.module}: ${name}`)).sort();
    expect(named(tables, ({ table }: { table: string }) => table)).toEqual(documented((row) => row.tables));
    expect(named(jobs, ({ id }: { id: string }) => id)).toEqual(documented((row) => row.jobs));
  });

  it('has jobs with an id and a phase each', () => {
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(jobs.length);
    expect(jobs.filter(({ id, phase }) => !/^[a-z-]+$/.test(id) || !JOB_PHASES.some((one) => one === phase))).toEqual(
      [],
    );
  });

  it('lets a module write only its own tables', () => {
    const writes = files.flatMap((file) => {
      const text = [...file.text.matchAll(/\b(?:UPDATE|INSERT INTO|DELETE FROM)\s+([a-z_]+)\b/g)].map(
        ([, table]) => table!,
      );
      const calls = [...file.text.matchAll(/\btx\s*\.(?:insert|insertIfAbsent|upsert|update|delete)\(\s*(\w+)/g)];
      const entities = calls.flatMap(([, entity]) =>
        tables.filter((one) => one.entity === entity).map(({ table }) => table),
      );
      return [...text, ...entities].map((table) => ({ file: file.path, module: file.module, table }));
    });
    const foreign = writes.filter(({ module, table }) => {
      const owner = tables.find((one) => one.table === table)?.module;
      return owner !== undefined && owner !== module;
    });
    expect(foreign.filter(({ file }) => !OFFLINE_WRITERS.includes(file))).toEqual([]);
    expect(writes.length).toBeGreaterThan(30);
  });

  it('lets a module read only its own tables and those of lower floors', () => {
    const reads = files.flatMap((file) =>
      [...file.text.matchAll(/\b(?:FROM|JOIN)\s+([a-z_]+)\b/g)].map(([, table]) => ({
        file: file.path,
        module: file.module,
        table: table!,
      })),
    );
    const upwards = reads.filter(({ module, table }) => {
      const owner = tables.find((one) => one.table === table)?.module;
      if (owner === undefined || owner === module || floorOf(module) === -1) return false;
      return floorOf(owner) >= floorOf(module);
    });
    expect(upwards).toEqual([]);
    expect(reads.length).toBeGreaterThan(30);
  });

  it('keeps modules, folders and the number of providers small enough to find one’s way', () => {
    const modules = files.filter(({ path }) => path.startsWith('modules/'));
    expect(
      above(
        countBy(modules, ({ module }) => module),
        MAX_FILES_IN_MODULE,
      ),
    ).toEqual([]);
    expect(
      above(
        countBy(files, ({ folder }) => folder),
        MAX_FILES_IN_FOLDER,
      ),
    ).toEqual([]);
    expect(
      above(
        countBy(providers, ({ module }) => module),
        MAX_PROVIDERS,
      ),
    ).toEqual([]);
  });

  it('has no provider with a single public method except the listed ones', () => {
    const single = providers
      .filter(({ members }) => members.length <= 1)
      .map(({ name }) => name)
      .filter((name) => !/(Repository|Store)$/.test(name));
    expect(single.filter((name) => !SINGLE_PURPOSE.some((rule) => rule.test(name)))).toEqual([]);
  });

  it('has workers that import packages only, because Node loads them untranspiled in tests', () => {
    const workers = files.filter(({ name }) => name.endsWith('.worker.ts'));
    expect(workers.length).toBeGreaterThan(1);
    expect(
      workers.flatMap(({ path, imports }) =>
        imports.filter((one) => one.endsWith('.ts')).map((one) => `${path}: ${one}`),
      ),
    ).toEqual([]);
  });

  it('has no product code that imports the OpenAPI library', () => {
    expect(
      files.filter(({ imports }) => imports.some((one) => one.startsWith('@nestjs/swagger'))).map(({ path }) => path),
    ).toEqual([]);
  });
});
