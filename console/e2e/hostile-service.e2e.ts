import type { Command, JsonObject } from '#contracts';
import { anAction, anAgentDescription, eventually, TestAgent } from '#testing';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { NARROW, useStage } from './support/stage.js';

const stage = useStage();

const SCRIPT = '<script>window.pwned = 1</script>';
const IMAGE = '<img src=x onerror="window.pwned = 2">';
const URL = 'javascript:window.pwned=3';
const TURNED = 'exe\u202Egnp';
const LONG = 'W'.repeat(180);
/** All of it, as long as a name may be. */
const NAME = `${IMAGE}${TURNED}${SCRIPT}${LONG}`.slice(0, 200);
const EVERYTHING = [SCRIPT, IMAGE, URL, TURNED, '{{7*7}}', '${window.pwned=4}', LONG].join(' ');

const deep = (levels: number): JsonObject => (levels === 0 ? { text: EVERYTHING } : { [SCRIPT]: deep(levels - 1) });

const MANIFEST = {
  kind: 'CapsuleService' as const,
  schemaVersion: '1.0',
  code: 'hostile',
  name: NAME,
  labels: { [IMAGE]: SCRIPT, constructor: TURNED, home: URL },
  homepage: URL,
  constructor: { prototype: { polluted: true } },
  deep: deep(40),
  text: 'y'.repeat(100_000),
};

/** 250 characters that name themselves: followed, they are millions of fields. */
const BOMB: JsonObject = {
  $ref: '#/definitions/a',
  definitions: {
    a: {
      type: 'object',
      properties: Object.fromEntries(
        ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'].map((key) => [key, { $ref: '#/definitions/a' }]),
      ),
    },
  },
};

/** The server takes it, as it takes anything a service says of itself within its bounds. */
const aHostileService = async () => {
  const { installation } = stage();
  const owner = await installation.as(USERS.owner);
  const { token } = await owner.createToken();
  const agent = await TestAgent.register(installation.api, {
    registrationToken: token,
    agent: anAgentDescription({ code: 'hostile', name: NAME, hostname: `${IMAGE}${TURNED}` }),
  });
  const service = await agent.reportService({
    code: 'hostile',
    name: NAME,
    description: EVERYTHING,
    version: `${IMAGE}${TURNED}`.slice(0, 80),
    manifest: MANIFEST,
    health: { status: 'DOWN', message: EVERYTHING, details: deep(10) },
    configs: [{ key: `${IMAGE}${TURNED}`, type: 'url', label: SCRIPT, valuePreview: URL, defaultValue: EVERYTHING }],
    actions: [
      anAction({
        label: `${IMAGE}${TURNED}`,
        description: EVERYTHING,
        category: SCRIPT,
        inputSchema: {
          type: 'object',
          title: IMAGE,
          properties: { text: { type: 'string', title: `${IMAGE}${TURNED}`, description: EVERYTHING, default: URL } },
        },
      }),
      anAction({ name: 'bomb', label: 'Bomb', inputSchema: BOMB }),
    ],
  });
  const path = `/api/admin/capsule-services/${service.id}/actions/echo`;
  const command = await owner.post(path, { payload: { text: EVERYTHING } }).expectOk<Command>();
  await agent.poll();
  await agent.progress(command.id, { percent: 5, message: EVERYTHING, log: [EVERYTHING, SCRIPT, 'z'.repeat(5_000)] });
  const row = { name: IMAGE, link: URL, turned: TURNED };
  const data: JsonObject = {
    list: {
      title: IMAGE,
      columns: [
        { key: 'name', label: SCRIPT, format: 'text' },
        { key: 'link', label: IMAGE, format: 'code' },
        { key: 'turned', label: TURNED, format: 'text' },
      ],
      data: [row, row],
      rowActions: [{ label: IMAGE, action: URL, payload: { a: '$row.__proto__.x' } }],
    },
    detail: { title: SCRIPT, data: row, fields: [{ key: 'link', label: IMAGE, format: 'text' }] },
    other: deep(30),
    big: 'w'.repeat(300_000),
  };
  await agent.complete(command.id, { success: true, message: EVERYTHING, data }).expectOk();
  return { serviceId: service.id, agentId: agent.id, commandId: command.id, agent };
};

it('shows what a hostile service says as text: nothing of it runs, and every page stays usable on a phone', async () => {
  const { serviceId, agentId, commandId, agent } = await aHostileService();
  const visit = await stage().visit('/', { viewport: NARROW });
  const { page } = visit;
  page.on('dialog', (dialog) => {
    throw new Error(`A dialog was opened: ${dialog.message()}`);
  });
  const pages = [
    '/',
    '/agents',
    `/agents/${agentId}`,
    '/services',
    ...[
      '',
      '/actions',
      '/actions/echo',
      '/actions/bomb',
      '/health',
      '/configs',
      '/manifest',
      '/commands',
      '/audit',
    ].map((tab) => `/services/${serviceId}${tab}`),
    '/commands',
    `/commands/${commandId}`,
    '/audit',
  ];
  const faults: object[] = [];
  for (const path of pages) {
    await visit.goTo(path);
    const sideways = await visit.sidewaysPx();
    const found = await page.evaluate(() => ({
      ran: (window as { pwned?: number }).pwned ?? 0,
      polluted: Number('polluted' in {}),
      scripts: document.querySelectorAll('script:not([src])').length,
      images: document.querySelectorAll('img[src="x"]').length,
      links: [...document.querySelectorAll('a')].filter(({ href }) => href.startsWith('javascript:')).length,
      // Nothing is read in another order than it was written in.
      turned: Number(document.body.innerText.includes('\u202E')),
    }));
    const isFine = sideways === 0 && Object.values(found).every((count) => count === 0);
    if (!isFine) faults.push({ path, sideways, ...found });
  }
  expect(faults).toEqual([]);
  await visit.goTo(`/services/${serviceId}`);
  await eventually(async () => {
    expect(await page.locator('body').innerText()).toContain('exe⟨U+202E⟩gnp');
  });
  // Braces are no parameters of our texts.
  await expectPoll(() => page.locator('.why p').innerText()).toContain('{{7*7}}');
  await visit.screenshot('hostile-service');
  await visit.goTo(`/services/${serviceId}/actions/bomb`);
  await eventually(async () => {
    // Pages that were left have asked for initial values, too.
    for (const { id } of await agent.poll()) await agent.complete(id, { success: true, data: {} }).expectOk();
    // What is not followed is there as JSON.
    expect(await page.locator('textarea').count()).toBeGreaterThan(0);
  });
  await visit.screenshot('hostile-bomb');
  await visit.goTo(`/commands/${commandId}`);
  await visit.screenshot('hostile-command');
});
