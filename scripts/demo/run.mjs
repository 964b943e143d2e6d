import { createInterface } from 'node:readline';
import { PlainError, runScript, say } from '../lib/entry.mjs';
import { SERVER_PROGRAM, waitUntilItAnswers, whatAnswersAt } from '../lib/opstage-server.mjs';
import { launch, onEndRequest } from '../lib/processes.mjs';
import { inProject } from '../lib/project.mjs';
import { createRegistrationToken, notThisServer } from './registration.mjs';
import { readSettings } from './settings.mjs';
import { hasValidToken, readStored } from './stored-token.mjs';

const SERVER_START_MS = 60_000;
/** Matches the demo's log line when the server accepts neither its stored token nor its registration token. */
const UNKNOWN_TOKEN = /"code":"(?:REGISTRATION_TOKEN_INVALID|UNAUTHORIZED)"/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const settings = readSettings(process.env);
/** The started programs, in order. */
const running = [];
let ending = false;

/** Stops the started programs, the newest first, so that the demo can still deliver its results to the server. */
const endAll = async (signal) => {
  ending = true;
  for (const program of [...running].reverse()) {
    program.child.kill(signal);
    await program.exited.catch(() => undefined);
  }
};

const start = (program, options) => {
  if (ending) return null;
  const started = launch(process.execPath, [program], options);
  running.push(started);
  return started;
};

/** Starts the local server at the demo's URL. @throws PlainError when it does not start */
const startServer = async (url) => {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'http:' || !LOOPBACK.test(hostname))
    throw new PlainError(
      `No server responds at ${url}. Start it there, or unset OPSTAGE_BACKEND_URL to start one here.`,
    );
  say('No server is running: starting one.');
  const server = start(SERVER_PROGRAM, { env: { ...process.env, OPSTAGE_PORT: port || '80' } });
  if (server === null || (await waitUntilItAnswers(url, server.isRunning, SERVER_START_MS))) return server;
  if ((await whatAnswersAt(url)) === 'opstage') return null;
  throw new PlainError('The server did not start. The demo was not started either.');
};

const findOrStartServer = async (url) => {
  if (!URL.canParse(url))
    throw new PlainError('OPSTAGE_BACKEND_URL must be a URL that starts with http:// or https://.');
  const found = await whatAnswersAt(url);
  if (found === 'other') throw new PlainError(`The server at ${url} is not an Opstage server.`);
  return found === 'opstage' ? null : startServer(url);
};

/** Resolves with the exit code of the server started here; never, while another one that came up meanwhile is running. */
const endOf = async (server) => {
  const code = await server.exited;
  if (ending || (await whatAnswersAt(settings.backendUrl)) !== 'opstage') return code;
  say(`Another server has started at ${settings.backendUrl}: the demo uses that one.`);
  return new Promise(() => undefined);
};

/** Starts the demo with what it needs to enrol: in its environment, which other users cannot read, unlike arguments. */
const startDemo = async (stored) => {
  const createsToken = settings.registrationToken === null && !(await hasValidToken(settings, stored));
  const token = createsToken ? await createRegistrationToken(settings) : settings.registrationToken;
  const env = { ...process.env, OPSTAGE_BACKEND_URL: settings.backendUrl, OPSTAGE_REGISTRATION_TOKEN: token ?? '' };
  const demo = start(inProject('dist', 'libs', 'demo', 'main.js'), { env, stdio: ['ignore', 'pipe', 'inherit'] });
  return { demo, createsToken };
};

/** Prints the demo's output; rejects when the server does not know the token created here. */
const forwardOutput = ({ demo, createsToken }, stored) =>
  new Promise((_resolve, reject) => {
    const isUnregistered = () => readStored(settings)?.agentToken === stored?.agentToken;
    createInterface({ input: demo.child.stdout }).on('line', (line) => {
      process.stdout.write(`${line}\n`);
      if (createsToken && UNKNOWN_TOKEN.test(line) && isUnregistered()) reject(notThisServer(settings));
    });
  });

onEndRequest(
  () => void endAll('SIGTERM'),
  () => void endAll('SIGKILL'),
);
await runScript(async () => {
  try {
    const server = await findOrStartServer(settings.backendUrl);
    const stored = readStored(settings);
    const started = await startDemo(stored);
    if (started.demo === null) return 0;
    return await Promise.race([
      started.demo.exited,
      forwardOutput(started, stored),
      ...(server ? [endOf(server)] : []),
    ]);
  } catch (error) {
    // Failures while the user is ending everything do not count.
    if (ending) return 0;
    throw error;
  } finally {
    await endAll('SIGTERM');
  }
});
