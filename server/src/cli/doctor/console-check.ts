import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import type { UserId } from '#contracts';
import { SYSTEM } from '../../common/actor.js';
import { UsersService } from '../../modules/auth/users/users.service.js';
import { type Check, fault, ok, warning } from './checks.js';
import { fetchFrom, reasonOf } from './http.js';

const NAME = 'opstage-doctor';
const PASSWORD_BYTES = 24;
/** An event stream begins with an event, so it needs no waiting. */
const FIRST_EVENT_MS = 5_000;
const HOUR_MS = 3_600_000;

const EXPORT_ADVICE = 'Check the limits of the proxy for the size and the duration of answers.';
const EVENTS_ADVICE = 'Turn off buffering and compression of answers in the proxy (nginx: proxy_buffering off).';

/** Enables the doctor's user, or creates it, with a password that only this process knows. */
const prepareUser = async (users: UsersService, password: string): Promise<UserId> => {
  const known = await users.findByUsername(NAME);
  if (!known) return (await users.create(SYSTEM, { username: NAME, password, role: 'operator' })).id;
  await users.resetPassword(SYSTEM, known.id, { newPassword: password });
  await users.update(SYSTEM, known.id, { status: 'ACTIVE', role: 'operator' });
  return known.id;
};

const signIn = async (url: string, password: string): Promise<string> => {
  const answer = await fetchFrom(url, '/api/admin/auth/login', {
    method: 'POST',
    // As the console would: a browser names the origin of its page.
    headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    body: JSON.stringify({ username: NAME, password }),
  });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
};

/** Whether an export arrives whole. */
const checkExport = async (url: string, cookie: string): Promise<Check> => {
  const from = new Date(Date.now() - HOUR_MS).toISOString();
  try {
    const path = `/api/admin/audit-events/export?format=jsonl&from=${from}`;
    const text = await (await fetchFrom(url, path, { headers: { cookie } })).text();
    for (const line of text.trim().split('\n')) JSON.parse(line);
    return ok('An export arrived whole.');
  } catch (error) {
    return fault(`An export did not arrive: ${reasonOf(error)}`, EXPORT_ADVICE);
  }
};

/** Whether the first event arrives while the answer goes on. */
const checkEvents = async (url: string, cookie: string): Promise<Check> => {
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort(new Error('no event arrived'));
  }, FIRST_EVENT_MS);
  try {
    const answer = await fetchFrom(url, '/api/admin/events', { headers: { cookie }, signal: stop.signal });
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.includes('\n\n') && text.includes('event:')) return ok('Events arrive as they happen.');
    }
    return warning('The event stream ended without an event.', EVENTS_ADVICE);
  } catch (error) {
    return warning(`Events do not arrive as they happen: ${reasonOf(error)}`, EVENTS_ADVICE);
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
};

const disable = async (users: UsersService, id: UserId): Promise<Check[]> => {
  try {
    await users.update(SYSTEM, id, { status: 'DISABLED' });
    return [];
  } catch (error) {
    const found = `The user ${NAME} of this check could not be disabled: ${reasonOf(error)}`;
    return [warning(found, `Disable the user ${NAME} in the console.`)];
  }
};

/** Checks through `url` that a person can sign in, export the audit and see events as they happen. */
export const checkConsole = async (app: INestApplicationContext, url: string): Promise<Check[]> => {
  const users = app.get(UsersService, { strict: false });
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  const id = await prepareUser(users, password);
  const checks: Check[] = [];
  try {
    const cookie = await signIn(url, password);
    checks.push(await checkExport(url, cookie), await checkEvents(url, cookie));
  } catch (error) {
    const advice = 'Check the URL and the proxy in front of the server.';
    checks.push(fault(`Nobody can sign in through ${url}: ${reasonOf(error)}`, advice));
  }
  return [...checks, ...(await disable(users, id))];
};
