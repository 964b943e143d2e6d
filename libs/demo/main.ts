import { formatLogLine, type LogEntry } from '#agent';
import { createDemoAgent } from './demo-service.js';
import { DemoState } from './demo-state.js';
import { readSettings } from './settings.js';

const REPEAT_AFTER_MS = 1000;

const print = (entry: LogEntry): void => {
  process.stdout.write(`${formatLogLine(entry)}\n`);
};

const info = (message: string): void => {
  print({ level: 'info', message, fields: {} });
};

const state = new DemoState();
const settings = readSettings(process.env);
const agent = createDemoAgent(settings, state, { onLog: print });

// Reports a change of health immediately.
let shown = state.health.current().status;
const watch = setInterval(() => {
  const { status } = state.health.current();
  if (status !== shown) agent.refresh();
  shown = status;
}, 1000);

let askedAt: number | null = null;
const shutDown = async (signal: string): Promise<void> => {
  if (askedAt !== null) {
    // A terminal may deliver one ctrl-C twice; a later one means that the user does not want to wait.
    if (performance.now() - askedAt > REPEAT_AFTER_MS) process.exit(1);
    return;
  }
  askedAt = performance.now();
  info(`${signal}: stopping.`);
  clearInterval(watch);
  await agent.stop();
  info('Stopped.');
  process.exit(0);
};
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void shutDown(signal));

info(`Demo service for ${settings.backendUrl} as ${settings.agentCode}.`);
await agent.start();
