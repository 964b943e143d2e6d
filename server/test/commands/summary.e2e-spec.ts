import type { CommandSummary } from '#contracts';
import type { TestOperator } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const summarize = (user: TestOperator, query = ''): Promise<CommandSummary> =>
  user.get(`/api/admin/commands/summary?${query}`).expectOk<CommandSummary>();

/** Creates a command that is answered after this long. */
const answer = async (governed: GovernedService, milliseconds: number, success = true): Promise<void> => {
  const { id } = await governed.running();
  governed.app.clock.advance(milliseconds / 1_000);
  await governed.agent.complete(id, { success }).expectOk();
};

const filled = ({ histogram }: CommandSummary) => histogram.filter(({ p50Ms, counts }) => p50Ms ?? counts.CANCELLED);

describe('the summary of the commands', () => {
  let app: TestApp;
  let governed: GovernedService;
  let viewer: TestOperator;

  beforeEach(async () => {
    app = await startTestApp();
    viewer = await app.signIn('viewer');
    governed = await GovernedService.of(app);
    app.clock.stop();
  });

  it('counts outcomes and durations over time', async () => {
    for (const milliseconds of [400, 100, 300, 200]) await answer(governed, milliseconds);
    await governed.cancel((await governed.pending()).id).expectOk();
    app.clock.advance(3_600);
    await governed.agent.heartbeat().expectOk();
    await answer(governed, 5_000, false);
    const waiting = await governed.pending();
    const summary = await summarize(viewer);
    expect(summary).toMatchObject({ total: 7, bucketSeconds: 900 });
    expect(summary.counts).toEqual({ PENDING: 1, RUNNING: 0, SUCCEEDED: 4, FAILED: 1, EXPIRED: 0, CANCELLED: 1 });
    expect(Date.parse(summary.to) - Date.parse(summary.from)).toBe(86_400_000);
    expect(summary.histogram.length).toBeGreaterThanOrEqual(96);
    const sums = filled(summary).reduce((sum, { answered }) => sum + answered, 0);
    expect(sums).toBe(5);
    const last = filled(summary).at(-1);
    expect(last).toMatchObject({ answered: 1, p50Ms: 5_000, p95Ms: 5_000 });
    expect(last?.counts).toMatchObject({ FAILED: 1, SUCCEEDED: 0 });
    expect(Date.parse(last?.at ?? '') % 900_000).toBe(0);
    await governed.cancel(waiting.id).expectOk();
    expect((await summarize(viewer)).counts).toMatchObject({ PENDING: 0, CANCELLED: 2 });
  });

  it('has the 50th and 95th percentile by nearest rank', async () => {
    const from = app.clock.now().toISOString();
    // All commands fall into one interval, even when the test begins near its end.
    for (let i = 1; i <= 20; i += 1) await answer(governed, i * 10);
    const wide = new Date(app.clock.now().getTime() + 400 * 86_400_000).toISOString();
    const { histogram, bucketSeconds } = await summarize(viewer, `from=${from}&to=${wide}`);
    expect(bucketSeconds).toBe(7 * 86_400);
    expect(histogram[0]).toMatchObject({ answered: 20, p50Ms: 100, p95Ms: 190 });
    expect(histogram[1]).toMatchObject({ answered: 0, p50Ms: null, p95Ms: null });
  });

  it('applies the filters and the range', async () => {
    const other = await GovernedService.of(app);
    await answer(governed, 100);
    await answer(other, 200);
    const total = async (query: string): Promise<number> => (await summarize(viewer, query)).total;
    expect(await total(`serviceId=${other.service.id}`)).toBe(1);
    expect(await total(`agentId=${governed.agent.id}&agentId=${other.agent.id}`)).toBe(2);
    expect(await total('actionName=nothing')).toBe(0);
    expect(await total('type=ACTION_PREPARE')).toBe(0);
    expect(await total('to=2000-01-01T00:00:00Z')).toBe(0);
    const backwards = 'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z';
    for (const query of [backwards, 'status=FAILED', 'page=2', 'from=yesterday', 'type=MAYBE']) {
      await viewer.get(`/api/admin/commands/summary?${query}`).expectError(422, 'VALIDATION_FAILED');
    }
  });
});
