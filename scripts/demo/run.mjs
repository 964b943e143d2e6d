import { createInterface } from 'node:readline';
import { PlainError, runScript, say } from '../lib/entry.mjs';
import { SERVER_PROGRAM, waitUntilItAnswers, whatAnswersAt } from '../lib/opstage-server.mjs';
import { launch, onEndRequest } from '../lib/processes.mjs';
import { inProject } from '../lib/project.mjs';
import { makeRegistrationToken, notThisServer } from './registration.mjs';
import { readSettings } from './settings.mjs';
import { hasValidToken, readStored } from './stored-token.mjs';

const SERVER_START_MS = 60_000;
/** How the demo logs that a server takes neither its stored token nor its registration token. */
const UNKNOWN_TOKEN = /"code":"(?:REGISTRATION_TOKEN_INVALID|UNAUTHORIZED)"/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const settings = readSettings(process.env);
/** What runs for the demo, in the order in which it is ended. */
const running = [];
let ending = false;

/** Ends what was started, the newest first: the demo still reports what it has to a server that is there. */
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

/** Starts the server of this host at the URL where the demo expects one. @throws PlainError when it does not come up */
const startServer = async (url) => {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'http:' || !LOOPBACK.test(hostname))
    throw new PlainError(`No server answers at ${url}. Start it there, or unset OPSTAGE_BACKEND_URL to have one here.`);
  say('No server runs yet: starting one.');
  const server = start(SERVER_PROGRAM, { env: { ...process.env, OPSTAGE_PORT: port || '80' } });
  if (server === null || (await waitUntilItAnswers(url, server.isRunning, SERVER_START_MS))) return server;
  if ((await whatAnswersAt(url)) === 'opstage') return null;
  throw new PlainError('The server did not start, so the demo does not either.');
};

const findOrStartServer = async (url) => {
  if (!URL.canParse(url))
    throw new PlainError('OPSTAGE_BACKEND_URL must be a URL that begins with http:// or https://.');
  const found = await whatAnswersAt(url);
  if (found === 'other') throw new PlainError(`What answers at ${url} is not an Opstage server.`);
  return found === 'opstage' ? null : startServer(url);
};

/** Resolves with the exit code of the server started here; never, while another one, started at the same time, serves. */
const endOf = async (server) => {
  const code = await server.exited;
  if (ending || (await whatAnswersAt(settings.backendUrl)) !== 'opstage') return code;
  say(`Another server came up at ${settings.backendUrl} meanwhile: the demo uses that one.`);
  return new Promise(() => undefined);
};

/** Starts the demo with what it needs to enrol itself: by its environment, which unlike its arguments nobody else can read. */
const startDemo = async (stored) => {
  const makesToken = settings.registrationToken === null && !(await hasValidToken(settings, stored));
  const token = makesToken ? await makeRegistrationToken(settings) : settings.registrationToken;
  const env = { ...process.env, OPSTAGE_BACKEND_URL: settings.backendUrl, OPSTAGE_REGISTRATION_TOKEN: token ?? '' };
  const demo = start(inProject('dist', 'libs', 'demo', 'main.js'), { env, stdio: ['ignore', 'pipe', 'inherit'] });
  return { demo, makesToken };
};

/** Prints what the demo says; rejects when the server turns out not to know the token that was made here. */
const passOn = ({ demo, makesToken }, stored) =>
  new Promise((_resolve, reject) => {
    const isStillOut = () => readStored(settings)?.agentToken === stored?.agentToken;
    createInterface({ input: demo.child.stdout }).on('line', (line) => {
      process.stdout.write(`${line}\n`);
      if (makesToken && UNKNOWN_TOKEN.test(line) && isStillOut()) reject(notThisServer(settings));
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
    return await Promise.race([started.demo.exited, passOn(started, stored), ...(server ? [endOf(server)] : [])]);
  } catch (error) {
    // What fails because the user ends everything is not a failure.
    if (ending) return 0;
    throw error;
  } finally {
    await endAll('SIGTERM');
  }
});
