import { topFunctions, topOwners, topParts } from './where-time-went.js';

const node = (id: number, functionName: string, url: string, children: readonly number[] = []) => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
  children,
});

const PROFILE = {
  nodes: [
    node(1, '(root)', '', [7, 5, 6]),
    node(7, 'markSeen', 'file:///app/dist/server/agents.js', [2]),
    node(2, 'query', 'file:///app/node_modules/typeorm/driver/Runner.js', [3, 4]),
    node(3, '', ''),
    node(4, 'redact', 'file:///app/dist/server/common/redact.js'),
    node(5, '(idle)', ''),
    node(6, '(garbage collector)', ''),
  ],
  samples: [2, 3, 3, 4, 5, 6],
  timeDeltas: [100, 200, 300, 300, 5_000, 100],
};

describe('where the time went', () => {
  it('is shown by part, without idle time, with native time under its caller', () => {
    expect(topParts(PROFILE, 3)).toEqual([
      { place: 'native under typeorm', percent: 50 },
      { place: 'server/common/redact.js', percent: 30 },
      { place: 'typeorm', percent: 10 },
    ]);
  });

  it('is shown by function, with its file and line', () => {
    expect(topFunctions(PROFILE, 4).map(({ place }) => place)).toEqual([
      'native (anonymous) under query typeorm/Runner.js:10',
      'redact server/common/redact.js:10',
      'query typeorm/Runner.js:10',
      '(garbage collector)',
    ]);
  });

  it('is shown by the calling server function', () => {
    expect(topOwners(PROFILE, 3)).toEqual([
      { place: 'markSeen server/agents.js:10', percent: 60 },
      { place: 'redact server/common/redact.js:10', percent: 30 },
      { place: '((garbage collector))', percent: 10 },
    ]);
  });
});
