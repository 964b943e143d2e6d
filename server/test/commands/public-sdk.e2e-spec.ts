import type { CommandDetail, CommandId } from '#contracts';
import { anAction, eventually, PublicSdkAgent, type PublicHandler } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { sharedTestApp, type TestApp } from '../support/start-test-app.js';

describe.each([1, 3, 5])('an agent on the public SDK whose action has a time-out of %d s', (timeoutSeconds) => {
  let app: TestApp;
  let governed: GovernedService;
  beforeEach(async () => {
    app = await sharedTestApp();
    const actions = [
      anAction({ name: 'work', inputSchema: undefined, timeoutSeconds: 120 }),
      anAction({ name: 'slow', inputSchema: undefined, timeoutSeconds: 120 }),
      anAction({ name: 'timed', inputSchema: undefined, timeoutSeconds }),
    ];
    governed = await GovernedService.of(app, { actions });
  });

  /** Its seconds are those of the server's clock. */
  const sdkWith = (handlers: Record<string, PublicHandler>): PublicSdkAgent =>
    new PublicSdkAgent(governed.agent, handlers, (seconds) => {
      app.clock.advance(seconds);
      return Promise.resolve();
    });

  const create = async (...actions: readonly string[]): Promise<CommandId[]> => {
    const ids: CommandId[] = [];
    for (const action of actions) ids.push((await governed.pending({}, action)).id);
    return ids;
  };

  const shown = (ids: readonly CommandId[]): Promise<CommandDetail[]> =>
    Promise.all(ids.map((id) => governed.command(id)));

  it('is heard when it times out by its own clock, however long the command had waited', async () => {
    const ids = await create('timed');
    app.clock.advance(60);
    const sdk = sdkWith({ timed: { takesSeconds: Infinity, timeoutSeconds } });
    await sdk.poll();
    expect(sdk.failures).toEqual([]);
    const reason = { status: 'FAILED', errorCode: 'ACTION_FAILED', errorMessage: 'Action timed out' };
    expect(await shown(ids)).toMatchObject([{ ...reason, result: { success: false, late: false } }]);
  });

  it('gets all ten results of a poll in, with one cancelled and one too late in the middle', async () => {
    const ids = await create('work', 'work', 'work', 'slow', 'timed', 'work', 'work', 'work', 'work', 'work');
    const [late, cancelled] = [ids[4]!, ids[5]!];
    const sdk = sdkWith({
      work: { run: ({ id }) => ({ did: id }) },
      timed: { timeoutSeconds, run: () => ({ did: 'it after all' }) },
      slow: { takesSeconds: timeoutSeconds + 6, run: () => governed.cancel(cancelled).expectOk() },
    });
    await sdk.poll();
    expect(sdk.failures).toEqual([]);
    const commands = await shown(ids);
    expect(commands.every(({ result }) => result?.success)).toBe(true);
    const statusOf = (id: CommandId): string =>
      id === late ? 'EXPIRED' : id === cancelled ? 'CANCELLED' : 'SUCCEEDED';
    expect(commands.map(({ id, status, result }) => [id, status, result?.late])).toEqual(
      ids.map((id) => [id, statusOf(id), id === late || id === cancelled]),
    );
    expect(await governed.agent.poll()).toEqual([]);
  });

  it('gets every result in while it keeps polling, several polls at work at once', async () => {
    const sdk = new PublicSdkAgent(governed.agent, { work: { takesSeconds: 0.02, timeoutSeconds } });
    sdk.start(10);
    const ids = await create(...Array.from({ length: 12 }, () => 'work'));
    await eventually('all have ended', async () => (await shown(ids)).every(({ completedAt }) => completedAt !== null));
    sdk.stop();
    expect(sdk.failures).toEqual([]);
    expect((await shown(ids)).map(({ status }) => status)).toEqual(ids.map(() => 'SUCCEEDED'));
  });
});
