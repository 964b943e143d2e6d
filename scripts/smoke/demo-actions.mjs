import assert from 'node:assert/strict';
import { check } from './checks.mjs';
import { DemoService, storedAgentToken } from './demo-service.mjs';
import { signIn } from './http-client.mjs';

const REDACTED = '[REDACTED]';
const PASSPHRASE = 'smoke-passphrase-never-stored';
const VIEWER = { username: 'smoke-viewer', password: 'a viewer looks on', role: 'viewer' };
const ACTIONS = ['echo', 'runHealthCheck', 'listItems', 'itemDetail', 'resetCounters', 'rotateKey', 'slowTask'];

/** The payload of a row action for one row: `$row.path` stands for what the row has there. */
const fillIn = (payload, row) =>
  Object.fromEntries(
    Object.entries(payload).map(([key, value]) => {
      const path = /^\$row\.(.+)$/.exec(value)?.[1];
      return [key, path === undefined ? value : path.split('.').reduce((part, name) => part[name], row)];
    }),
  );

const enrolling = async (installation, demo, owner) => {
  const service = await check('the demo enrols itself and reports its service', () => DemoService.find(owner));
  await check('it keeps its token in a file with mode 600', () => {
    const { agentToken, agentCode } = storedAgentToken(installation);
    assert.equal(agentCode, 'demo-agent');
    installation.secrets.add(agentToken);
  });
  await check('it prints no token', () => assert.doesNotMatch(demo.output, /opstage_(reg|agent)_\w{8}/));
  await check('it declares its actions, and no value of its sensitive configuration', async () => {
    const { actions, configs } = await service.details();
    const names = actions.map(({ name }) => name);
    assert.deepEqual(
      ACTIONS.filter((name) => !names.includes(name)),
      [],
    );
    const sensitive = configs.filter((item) => item.sensitive);
    assert.ok(sensitive.length > 0 && sensitive.every(({ valuePreview }) => valuePreview === null));
  });
  return service;
};

const safeActions = async (service) => {
  await check('echo is prepared and run', async () => {
    const { initialPayload, action, prepareCommand } = await service.prepare('echo');
    assert.equal(action.name, 'echo');
    const request = { payload: { ...initialPayload, text: 'Smoke' }, prepareCommandId: prepareCommand.id };
    const { data } = await service.run('echo', request);
    assert.equal(data.text, 'Smoke');
  });
  await check('runHealthCheck answers with the health', async () => {
    const { data } = await service.run('runHealthCheck');
    assert.ok(['UP', 'DEGRADED'].includes(data.status));
  });
  await check('listItems answers with a list, and a row of it leads to itemDetail', async () => {
    const { list } = (await service.run('listItems')).data;
    const { action, payload } = list.rowActions.find((one) => one.action === 'itemDetail');
    const { detail } = (await service.run(action, { payload: fillIn(payload, list.data[1]) })).data;
    assert.equal(detail.data.id, list.data[1].id);
  });
};

const dangerousActions = async (installation, service, viewer) => {
  await check('resetCounters is refused without confirmation and runs with it', async () => {
    await service.refuses(409, 'ACTION_REQUIRES_CONFIRMATION', 'resetCounters');
    const { data } = await service.run('resetCounters', { confirmation: true });
    assert.ok(data.before.echo > 0);
  });
  const command = await check('rotateKey takes a passphrase that nobody is shown', async () => {
    const request = { payload: { currentPassphrase: PASSPHRASE }, confirmation: true };
    const created = await service.start('rotateKey', request);
    assert.equal(created.payload.currentPassphrase, REDACTED);
    return created;
  });
  await check('its new key is shown to who asked for it, once, and to nobody else', async () => {
    const keySeenBy = async (reader) => (await service.until(command, 'SUCCEEDED', reader)).result.data.generatedKey;
    assert.equal(await keySeenBy(viewer), REDACTED);
    const key = await keySeenBy(service.operator);
    assert.match(key, /^demo_/);
    assert.equal(await keySeenBy(service.operator), REDACTED);
    installation.secrets.add(PASSPHRASE).add(key);
  });
};

const exercises = async (service) => {
  await check('slowTask is cancelled while it runs', async () => {
    const command = await service.start('slowTask', { payload: { seconds: 60 } });
    await service.until(command, 'RUNNING');
    await service.operator.post(`/api/admin/commands/${command.id}/cancel`);
    await service.until(command, 'CANCELLED');
  });
  await check('failingTask ends FAILED with DEMO_FAILURE', async () => {
    const { errorCode } = await service.until(await service.start('failingTask'), 'FAILED');
    assert.equal(errorCode, 'DEMO_FAILURE');
  });
};

const addViewer = async (installation, owner) => {
  const viewer = await check('a viewer is added, who may look and not touch', async () => {
    await owner.post('/api/admin/users', VIEWER);
    const signedIn = await signIn(installation.url, VIEWER.username, VIEWER.password);
    await signedIn.refused(403, 'FORBIDDEN', 'POST', '/api/admin/registration-tokens', {});
    return signedIn;
  });
  installation.secrets.add(VIEWER.password);
  return viewer;
};

/** The demo beside a running server, with every kind of action; answers with it. */
export const demoLoop = async (installation, owner) => {
  const demo = installation.startDemo();
  const service = await enrolling(installation, demo, owner);
  const viewer = await addViewer(installation, owner);
  await safeActions(service);
  await dangerousActions(installation, service, viewer);
  await exercises(service);
  return { demo, service };
};
