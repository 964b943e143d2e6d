import { validationFailed } from '../errors/domain-error.js';

export interface SortTerm<F extends string> {
  readonly field: F;
  readonly direction: 'ASC' | 'DESC';
}

/**
 * Parses `sort=-createdAt,name`. `fields` maps each accepted name to the field it sorts by, so that aliases are plain.
 * @throws VALIDATION_FAILED for a name that is not listed
 */
export const parseSort = <F extends string>(
  sort: string | undefined,
  fields: Readonly<Record<string, F>>,
  fallback: readonly SortTerm<F>[],
): readonly SortTerm<F>[] => {
  if (sort === undefined || sort === '') return fallback;
  return sort.split(',').map((term) => {
    const name = term.replace(/^-/, '');
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      const known = Object.keys(fields).join(', ');
      throw validationFailed([
        { path: 'sort', message: `sort must be one of ${known}, with - before it for descending` },
      ]);
    }
    return { field, direction: term.startsWith('-') ? 'DESC' : 'ASC' };
  });
};
