import { agentsWithinFileLimit, divideCores } from './host.js';
import { parseOptions, USAGE, UsageError, type Options } from './options.js';
import { formatOutcomes } from './report/format-outcomes.js';
import { toJsonLine, type Outcome } from './report/outcome.js';
import { runOnOwnServer } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { scenarios } from './scenarios.js';
import { Installation } from './server/installation.js';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const chosen = ({ only }: Options): readonly Scenario[] => {
  const unknown = only.filter((id) => !scenarios.some((scenario) => scenario.id === id));
  if (unknown.length > 0) throw new UsageError(`There is no scenario ${unknown.join(', ')}.`);
  return only.length === 0 ? scenarios : scenarios.filter(({ id }) => only.includes(id));
};

/** Lowers the fleet to what the open-file limit allows, and says so. */
const withinLimits = (options: Options): Options => {
  const most = agentsWithinFileLimit();
  const { fleetAgents } = options.scale;
  if (fleetAgents <= most) return options;
  say(`The open-file limit allows ${most} agents, not ${fleetAgents}: see \`ulimit -n\`.`);
  return { ...options, scale: { ...options.scale, fleetAgents: most } };
};

const help = (): string =>
  `${USAGE}\nScenarios:\n${scenarios.map(({ id, title }) => `  ${id.padEnd(14)} ${title}`).join('\n')}`;

const run = async (options: Options): Promise<number> => {
  const cores = divideCores();
  say(`Node ${process.version}; ${cores.description}.`);
  const outcomes: Outcome[] = [];
  for (const scenario of chosen(options)) {
    say(`${scenario.title}…`);
    const outcome = await runOnOwnServer(scenario, options, () => Installation.make(cores.serverPrefix));
    outcomes.push(outcome);
    print(toJsonLine(outcome));
  }
  if (!options.json) print(`\n${formatOutcomes(outcomes)}`);
  return outcomes.some(({ failure }) => failure !== null) ? 1 : 0;
};

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
