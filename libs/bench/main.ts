import { agentsWithinFileLimit, divideCores, type Cores } from './host.js';
import { parseOptions, USAGE, UsageError, type Options, type Rival } from './options.js';
import { formatComparison } from './report/format-comparison.js';
import { formatOutcomes } from './report/format-outcomes.js';
import { toJsonLine, type Outcome } from './report/outcome.js';
import { addressOf, runOn, runOnOwnServer } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { scenarios } from './scenarios.js';
import { Installation } from './server/installation.js';
import { Installations } from './server/installations.js';
import { Target, type TargetAddress } from './target.js';

const TURNS = [1, 2];

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const chosen = ({ only }: Options): readonly Scenario[] => {
  const unknown = only.filter((id) => !scenarios.some((scenario) => scenario.id === id));
  if (unknown.length > 0) throw new UsageError(`Unknown scenario: ${unknown.join(', ')}.`);
  return only.length === 0 ? scenarios : scenarios.filter(({ id }) => only.includes(id));
};

/** Limits the fleet to what the open-file limit allows, and says so. */
const withinLimits = (options: Options): Options => {
  const most = agentsWithinFileLimit();
  const { fleetAgents } = options.scale;
  if (fleetAgents <= most) return options;
  say(`The open-file limit allows ${most} agents instead of ${fleetAgents}; raise it with \`ulimit -n\`.`);
  return { ...options, scale: { ...options.scale, fleetAgents: most } };
};

const help = (): string =>
  `${USAGE}\nScenarios:\n${scenarios.map(({ id, title }) => `  ${id.padEnd(14)} ${title}`).join('\n')}`;

const run = async (options: Options): Promise<number> => {
  const cores = divideCores();
  say(`Node ${process.version}; ${cores.description}.`);
  const outcomes =
    options.rival === null ? await runAll(options, cores) : await compareAll(options, options.rival, cores);
  return outcomes.some(({ failure }) => failure !== null) ? 1 : 0;
};

const runAll = async (options: Options, cores: Cores): Promise<readonly Outcome[]> => {
  const installations = new Installations(cores.serverPrefix, options.scale.filled, say);
  const outcomes: Outcome[] = [];
  for (const scenario of chosen(options)) {
    say(`${scenario.title}…`);
    const outcome = await runOnOwnServer(scenario, options, installations);
    outcomes.push(outcome);
    print(toJsonLine(outcome));
  }
  await installations.end();
  if (!options.json) print(`\n${formatOutcomes(outcomes)}`);
  return outcomes;
};

/** Alternates between both servers, so that other load on the machine affects both. */
const compareAll = async (options: Options, rival: Rival, cores: Cores): Promise<readonly Outcome[]> => {
  const installation = await Installation.make(cores.serverPrefix);
  const { pid } = await installation.start();
  const targets = [await Target.open(addressOf(installation, pid)), await Target.open(rivalAddress(rival))];
  const outcomes: Outcome[] = [];
  for (const scenario of chosen(options).filter((one) => one.kind === 'wire')) {
    for (const target of TURNS.flatMap(() => targets)) {
      say(`${scenario.title}, ${target.address.name}…`);
      const outcome = await runOn(target, scenario, options);
      outcomes.push(outcome);
      print(toJsonLine(outcome));
    }
  }
  for (const target of targets) target.close();
  await installation.remove();
  if (!options.json) print(`\n${formatComparison(outcomes)}`);
  return outcomes;
};

const rivalAddress = ({ url, username, password }: Rival): TargetAddress => ({
  name: url.host,
  url,
  username,
  password,
  pid: null,
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
try {
  const options = withinLimits(parseOptions(process.argv.slice(2)));
  if (options.help) print(help());
  else process.exitCode = await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
