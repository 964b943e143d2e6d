import type { Measurement } from '../measurement.js';
import type { Scenario } from '../scenario.js';
import { formatComparison } from './format-comparison.js';
import { formatOutcomes } from './format-outcomes.js';
import { toJsonLine, type Outcome } from './outcome.js';

const SCENARIO: Scenario = { id: 'heartbeat', title: 'Heartbeats', kind: 'wire', run: () => Promise.resolve([]) };

const RATE: Measurement = { metric: 'rate', value: 6_200.4, unit: '/s', budget: { atLeast: 6_000 } };
const P99: Measurement = { metric: 'p99', value: 61.25, unit: 'ms', budget: { atMost: 50 } };

const anOutcome = (overrides: Partial<Outcome> = {}): Outcome => ({
  scenario: SCENARIO,
  target: 'own',
  measurements: [RATE, P99],
  notes: ['Load 3 % busy.'],
  failure: null,
  profile: null,
  ...overrides,
});

describe('formatOutcomes', () => {
  it('shows the numbers with their budgets and whether they are met, and the notes below', () => {
    expect(formatOutcomes([anOutcome()]).split('\n')).toEqual([
      'scenario   metric  measured      budget  met',
      '---------  ------  --------  ----------  ---',
      'heartbeat  rate     6,200/s  >= 6,000/s  yes',
      '           p99      61.3 ms    <= 50 ms  NO',
      '',
      'heartbeat: Load 3 % busy.',
    ]);
  });

  it('shows why a scenario failed', () => {
    const text = formatOutcomes([anOutcome({ measurements: [], notes: [], failure: '3 calls failed: 3× 500' })]);
    expect(text).toMatch(/heartbeat {2}FAILED .*NO\n\nheartbeat: FAILED: 3 calls failed: 3× 500/);
  });

  it('adds the profile', () => {
    const profile = new Map([['by part', [{ place: 'typeorm', percent: 28.64 }]]]);
    const text = formatOutcomes([anOutcome({ profile })]);
    expect(text).toContain('heartbeat: busy time of the server by part\n   28.6 %  typeorm');
  });
});

describe('toJsonLine', () => {
  it('is one line of JSON', () => {
    expect(JSON.parse(toJsonLine(anOutcome({ measurements: [P99] })))).toEqual({
      scenario: 'heartbeat',
      target: 'own',
      metrics: { p99: { value: 61.25, unit: 'ms', atMost: 50, met: false } },
      notes: ['Load 3 % busy.'],
    });
  });
});

describe('formatComparison', () => {
  it('shows the means of the turns and their ratio', () => {
    const turn = (target: string, value: number): Outcome =>
      anOutcome({ target, notes: [], measurements: [{ ...RATE, value }] });
    const text = formatComparison([turn('own', 900), turn('b:1', 400), turn('own', 1_100), turn('b:1', 600)]);
    expect(text).toContain('heartbeat  rate    1,000/s  500/s          2 ×');
  });

  it('omits metrics that only one server has', () => {
    const text = formatComparison([
      anOutcome({ notes: [] }),
      anOutcome({ target: 'b:1', notes: [], measurements: [RATE] }),
    ]);
    expect(text).not.toContain('p99');
  });
});
