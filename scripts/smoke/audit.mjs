import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { check } from './checks.mjs';
import { allOutput } from './programs.mjs';

const STEPS = [
  'system.bootstrap.completed',
  'session.login.failed',
  'session.login.succeeded',
  'access.denied',
  'user.created',
  'registration_token.created',
  'registration_token.consumed',
  'agent.registered',
  'agent.heartbeat.received',
  'service.reported',
  'service.action.prepare_requested',
  'service.action.requested',
  'command.created',
  'command.dispatched',
  'command.completed',
  'command.failed',
  'command.cancelled',
  'command.secret.revealed',
];
const TOKEN = /opstage_(?:reg|agent)_[\w-]{30,}/;

const allEvents = async (owner) => {
  const events = [];
  for (let page = 1; ; page += 1) {
    const part = await owner.get(`/api/admin/audit-events?pageSize=100&page=${page}`);
    events.push(...part);
    if (part.length < 100) return events;
  }
};

const exportAs = async (owner, format, contentType) => {
  const answer = await owner.send('GET', `/api/admin/audit-events/export?format=${format}`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), contentType);
  return answer.text;
};

const assertNoSecret = (text, secrets, where) => {
  assert.ok(!TOKEN.test(text), `There is a token in ${where}.`);
  for (const secret of secrets) assert.ok(!text.includes(secret), `There is a secret in ${where}.`);
};

const exports = async (owner, events) => {
  const json = await check('it exports as JSON', async () => {
    const text = await exportAs(owner, 'json', /json/);
    assert.ok(JSON.parse(text).data.length >= events.length);
    return text;
  });
  const csv = await check('it exports as CSV', async () => {
    const text = await exportAs(owner, 'csv', /csv/);
    for (const action of STEPS) assert.ok(text.includes(action), `${action} is not in the export.`);
    return text;
  });
  await check('the exports are in the audit', async () => {
    const found = await owner.get('/api/admin/audit-events?action=audit.exported');
    assert.equal(found.length, 2);
  });
  return json + csv;
};

/** Looks for every step in the audit, and for secrets where none may be. */
export const audit = async (installation, { owner, commandId }) => {
  const events = await check('every step is in the audit', async () => {
    const found = await allEvents(owner);
    const actions = new Set(found.map(({ action }) => action));
    assert.deepEqual(
      STEPS.filter((action) => !actions.has(action)),
      [],
    );
    return found;
  });
  await check('a command has its whole story there', () => {
    const story = events.filter(({ targetId }) => targetId === commandId).map(({ action }) => action);
    assert.deepEqual(story.reverse(), ['command.created', 'command.dispatched', 'command.completed']);
  });
  const exported = await exports(owner, events);
  await check('no secret is in the audit, the database or what was printed', () => {
    const { secrets, password } = installation;
    const stored = installation.storedFiles().filter(({ path }) => path.includes('.db'));
    assertNoSecret(exported, [...secrets, password], 'the export');
    assertNoSecret(allOutput(), secrets, 'what was printed');
    for (const { path } of stored) assertNoSecret(readFileSync(path, 'latin1'), [...secrets, password], path);
    assert.equal(allOutput().split(password).length - 1, 1, 'The password was printed more than once.');
  });
};
