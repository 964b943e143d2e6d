import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { eventually } from '#testing';
import type { TestAgent } from '#testing';
import { ClaimsService } from '../../src/modules/commands/dispatch/claims.service.js';
import { ParkedPolls } from '../../src/modules/commands/dispatch/parked-polls.js';
import type { TestApp } from './start-test-app.js';

/** A poll of this agent whose connection can be cut, and the server's side of it. */
const pollOn = async (app: TestApp, agent: TestAgent, query: string) => {
  const received = once(app.nest.getHttpServer(), 'request') as Promise<[IncomingMessage, ServerResponse]>;
  const cut = new AbortController();
  const headers = { authorization: `Bearer ${agent.token}` };
  const url = `${app.api.baseUrl}/api/agents/${agent.id}/commands${query}`;
  const ended = fetch(url, { headers, signal: cut.signal }).catch(() => undefined);
  const [, response] = await received;
  const closed = once(response, 'close');
  return {
    /** Ends the connection; resolves when the server has noticed. */
    hangUp: async (): Promise<void> => {
      cut.abort();
      await Promise.all([ended, closed]);
    },
  };
};

/** Parks a poll of this agent and ends its connection. */
export const parkAndHangUp = async (app: TestApp, agent: TestAgent): Promise<void> => {
  const { hangUp } = await pollOn(app, agent, '?wait=50');
  await parked(app, 1);
  await hangUp();
};

/**
 * Has the agent poll, and hang up the moment commands were claimed for it, before the answer is written; `meanwhile`
 * happens in between.
 */
export const claimAndHangUp = async (
  app: TestApp,
  agent: TestAgent,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> => {
  const claims = app.nest.get(ClaimsService);
  const claim = claims.claim.bind(claims);
  const { promise: isClaimed, resolve: claimed } = Promise.withResolvers<undefined>();
  const { promise: isCut, resolve: goOn } = Promise.withResolvers<undefined>();
  // The real claim, paused at the moment that a test cannot hit from outside.
  const hold = jest.spyOn(claims, 'claim').mockImplementationOnce(async (...args) => {
    const commands = await claim(...args);
    claimed(undefined);
    await isCut;
    return commands;
  });
  const { hangUp } = await pollOn(app, agent, '');
  await isClaimed;
  await hangUp();
  await meanwhile();
  goOn(undefined);
  hold.mockRestore();
};

/** Waits until `count` polls are parked. */
export const parked = (app: TestApp, count: number): Promise<true> =>
  eventually(`${count} polls are parked`, () => app.nest.get(ParkedPolls).count === count);
