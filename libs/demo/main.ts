import { formatLogLine, type LogEntry } from '#agent';
import { createDemoAgent } from './demo-service.js';
import { DemoState } from './demo-state.js';
import { readSettings } from './settings.js';

const print = (entry: LogEntry): void => {
  process.stdout.write(`${formatLogLine(entry)}\n`);
};

const info = (message: string): void => {
  print({ level: 'info', message, fields: {} });
};

const state = new DemoState();
const settings = readSettings(process.env);
const agent = createDemoAgent(settings, state, { onLog: print });

// Has the console see a change of health at once. It is also what keeps this process alive: an agent alone does not.
let shown = state.health.current().status;
const watch = setInterval(() => {
  const { status } = state.health.current();
  if (status !== shown) agent.refresh();
  shown = status;
}, 1000);

const shutDown = async (signal: string): Promise<void> => {
  info(`${signal}: stopping.`);
  clearInterval(watch);
  await agent.stop();
  info('Stopped.');
  process.exit(0);
};
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void shutDown(signal));

info(`Demo service for ${settings.backendUrl} as ${settings.agentCode}.`);
await agent.start();
