import { parseOptions, UsageError } from './options.js';
import { FULL, QUICK } from './scale.js';

describe('parseOptions', () => {
  it('measures everything at full size without arguments', () => {
    expect(parseOptions([])).toEqual({
      scale: FULL,
      only: [],
      rival: null,
      json: false,
      profileDir: null,
      help: false,
    });
  });

  it('overrides the fleet size of the chosen scale', () => {
    const { scale } = parseOptions(['--quick', '--agents', '37']);
    expect(scale).toEqual({ ...QUICK, fleetAgents: 37 });
  });

  it('selects scenarios by name', () => {
    expect(parseOptions(['--only', 'heartbeat,register']).only).toEqual(['heartbeat', 'register']);
  });

  it('accepts a rival whose password contains commas', () => {
    const { rival } = parseOptions(['--compare', 'http://127.0.0.1:9000,root,one,two']);
    expect(rival).toEqual({ url: new URL('http://127.0.0.1:9000'), username: 'root', password: 'one,two' });
  });

  it.each([[['--agents', 'many']], [['--agents', '-1']], [['--compare', 'nowhere']], [['--loud']], [['stray']]])(
    'refuses %p with a reason',
    (args) => {
      expect(() => parseOptions(args)).toThrow(UsageError);
    },
  );
});
