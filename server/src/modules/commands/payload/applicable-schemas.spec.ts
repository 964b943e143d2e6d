import type { Json } from '#contracts';
import { resolveFragment } from './applicable-schemas.js';

const ROOT = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'm~n': 8, ' ': 7, nothing: null };

describe('a URI fragment (RFC 6901, 6)', () => {
  it.each<[string, Json | undefined]>([
    ['#', ROOT],
    ['#/foo', ['bar', 'baz']],
    ['#/foo/0', 'bar'],
    ['#/', 0],
    ['#/a~1b', 1],
    ['#/c%25d', 2],
    ['#/m~0n', 8],
    ['#/%20', 7],
    ['#/nothing', null],
    ['#/foo/2', undefined],
    ['#/foo/bar', undefined],
    ['#/none/deeper', undefined],
    ['#/toString', undefined],
    ['#/%', undefined],
    ['#anchor', undefined],
    ['/foo', undefined],
    ['https://example.org/#/foo', undefined],
  ])('%s', (reference, expected) => {
    expect(resolveFragment(ROOT, reference)).toEqual(expected);
  });
});
