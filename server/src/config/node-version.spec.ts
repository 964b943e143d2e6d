import { isRecentNode } from './node-version.js';

describe('isRecentNode', () => {
  it.each([
    ['22.22.0', true],
    ['22.30.1', true],
    ['24.0.0', true],
    ['22.21.9', false],
    ['20.20.2', false],
    ['9.99.0', false],
  ])('says of Node %s for 22.22: %s', (version, expected) => {
    expect(isRecentNode(version, '22.22')).toBe(expected);
  });
});
