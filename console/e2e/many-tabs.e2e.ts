import type { Page, Request } from 'playwright-core';
import { eventually } from '#testing';
import { USERS } from './support/installation.js';
import { useStage } from './support/stage.js';
import { STREAM } from './support/visit.js';

const TEST_MS = 120_000;
/** More than the connections that a browser has to one host by HTTP/1.1. */
const TABS = 8;

const stage = useStage();

const isLive = (page: Page): Promise<void> => page.locator('ops-live-dot [data-state=live]').waitFor();
const shows = (page: Page, name: string): Promise<void> => page.getByRole('row', { name: new RegExp(name) }).waitFor();

it(
  'keeps eight tabs live by one stream, and goes on when the tab that holds it is closed',
  async () => {
    const visit = await stage().visit('/registration-tokens');
    const streams = new Set<Page>();
    const follow = (page: Page): void => {
      page.on('request', (request) => {
        if (request.url().endsWith(STREAM)) streams.add(page);
      });
      const forget = (request: Request): void => {
        if (request.url().endsWith(STREAM)) streams.delete(page);
      };
      page.on('requestfinished', forget);
      page.on('requestfailed', forget);
    };
    await visit.says('live');
    visit.context.on('page', follow);
    const others: Page[] = [];
    for (let tab = 1; tab < TABS; tab += 1) {
      const page = await visit.context.newPage();
      await page.goto('/registration-tokens');
      others.push(page);
    }
    for (const page of [visit.page, ...others]) await isLive(page);
    expect(streams.size).toBe(0);
    const owner = await stage().installation.as(USERS.owner);
    await owner.createToken({ name: 'Seen in every tab' });
    for (const page of [visit.page, ...others]) await shows(page, 'Seen in every tab');

    await visit.page.close();
    await eventually('another tab opens the stream', () => streams.size > 0);
    await owner.createToken({ name: 'Seen after the change' });
    for (const page of others) await shows(page, 'Seen after the change');
    // Two that take it at the same moment agree on one of them.
    await eventually(() => {
      expect(streams.size).toBe(1);
    });
  },
  TEST_MS,
);

it(
  'ends with the session in all of them',
  async () => {
    const visit = await stage().visit('/registration-tokens', { as: USERS.operator });
    await visit.says('live');
    const other = await visit.context.newPage();
    await other.goto('/registration-tokens');
    await isLive(other);
    visit.expectRefusal(401, '/api/');
    await other.getByRole('button', { name: 'Account' }).click();
    await other.getByRole('menuitem', { name: 'Sign out' }).click();
    await other.getByLabel('User name').waitFor();
    await visit.page.getByLabel('Password').waitFor();
  },
  TEST_MS,
);
