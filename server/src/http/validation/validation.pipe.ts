import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { TransformationType, type TypeMetadata } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, type MetadataStorage, validateSync, type ValidationError } from 'class-validator';
import type { ValidationIssue } from '#contracts';
import { type DomainError, validationFailed } from '../../common/errors.js';

/** More than any request class allows in a list; a longer list is rejected unread. */
export const MAX_LIST_LENGTH = 1_000;
/** Objects with rules in one request: each takes some 20 µs of validation, during which the server does nothing else. */
export const MAX_OBJECTS = 20_000;
/** The most issues that one response lists. */
export const MAX_ISSUES = 50;

export type RequestClass = new () => object;

interface Field {
  readonly isList: boolean;
  /** The class of `@Type`; null for strings, numbers and free JSON. */
  readonly nested: RequestClass | null;
  /** Applies `@Transform`. */
  readonly convert: (value: unknown) => unknown;
}

type Rules = ReturnType<MetadataStorage['getTargetValidationMetadatas']>;

const tooMuch = (path: string, message: string): DomainError => validationFailed([{ path, message }]);

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldOf = (type: RequestClass, key: string): Field => {
  const typed = defaultMetadataStorage.findTypeMetadata(type, key) as TypeMetadata | undefined;
  const toClass = TransformationType.PLAIN_TO_CLASS;
  const transforms = defaultMetadataStorage.findTransformMetadatas(type, key, toClass);
  return {
    isList: Reflect.getMetadata('design:type', type.prototype as object, key) === Array,
    nested: (typed?.typeFunction() as RequestClass | undefined) ?? null,
    convert: (value) =>
      transforms.reduce<unknown>(
        (converted, { transformFn }) =>
          transformFn({ value: converted, key, obj: {}, type: toClass, options: {} }) as unknown,
        value,
      ),
  };
};

const fieldsByClass = new WeakMap<RequestClass, ReadonlyMap<string, Field>>();

/** Returns the fields that have a rule of class-validator; only these are read. */
const fieldsOf = (type: RequestClass): ReadonlyMap<string, Field> => {
  const known = fieldsByClass.get(type);
  if (known) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  // Without rules it would let anything through; a class that is not ours, such as String, has none.
  if (rules.length === 0) throw new Error(`${type.name} has no validation rules, so no request can be read as one.`);
  const fields = new Map(rules.map(({ propertyName }) => [propertyName, fieldOf(type, propertyName)]));
  fieldsByClass.set(type, fields);
  return fields;
};

/**
 * Creates instances of request classes from JSON, for class-validator to check. It replaces class-transformer's
 * `plainToInstance`, which also walks fields without rules, in quadratic time, drops keys such as `toString` there, and calls
 * what it finds under `constructor`. Free JSON passes unchanged here.
 */
class DtoReader {
  /** Unknown fields, and lists where objects belong. */
  readonly issues: ValidationIssue[] = [];
  #objects = 0;

  /** @param isLenient drops unknown fields, and fields that are `null` */
  constructor(private readonly isLenient: boolean) {}

  /** Returns an instance, not yet validated. @throws VALIDATION_FAILED when it has too many items or objects */
  read(type: RequestClass, plain: object, path = ''): object {
    this.#objects += 1;
    if (this.#objects > MAX_OBJECTS) throw tooMuch(path, `must not hold more than ${MAX_OBJECTS} objects`);
    const instance = new type() as Record<string, unknown>;
    const fields = fieldsOf(type);
    for (const [key, value] of Object.entries(plain)) {
      if (value === null && this.isLenient) continue;
      const field = fields.get(key);
      const at = path === '' ? key : `${path}.${key}`;
      if (field) instance[key] = field.convert(this.#readField(field, value, at));
      else if (!this.isLenient) this.issues.push({ path: at, message: `property ${key} should not exist` });
    }
    return instance;
  }

  #readField({ isList, nested }: Field, value: unknown, path: string): unknown {
    if (!isList || !Array.isArray(value)) return nested ? this.#readNested(nested, value, path) : value;
    if (value.length > MAX_LIST_LENGTH) throw tooMuch(path, `must not have more than ${MAX_LIST_LENGTH} items`);
    return nested ? value.map((item, index) => this.#readNested(nested, item, `${path}.${index}`)) : (value as unknown);
  }

  #readNested(type: RequestClass, value: unknown, path: string): unknown {
    if (isObject(value)) return this.read(type, value, path);
    if (!Array.isArray(value)) return value;
    // class-validator validates the items of a list even where an object belongs, and accepts an empty one.
    this.issues.push({ path, message: 'must be an object' });
    return null;
  }
}

/**
 * Makes class-validator look up the rules of a class once. By default it searches the rules of all classes for each object, which
 * took longer than validating a heartbeat. Validation by groups is not cached; a class must have all of its rules before
 * its first object.
 */
export const cacheValidationMetadata = (storage: MetadataStorage = getMetadataStorage()): void => {
  const find: MetadataStorage['getTargetValidationMetadatas'] = storage.getTargetValidationMetadatas.bind(storage);
  const known = new WeakMap<object, Rules>();
  Object.assign(storage, {
    getTargetValidationMetadatas: (...args: Parameters<typeof find>): Rules => {
      const [type, , always, strictGroups, groups] = args;
      if (always || strictGroups || groups !== undefined) return find(...args);
      const rules = known.get(type) ?? find(...args);
      known.set(type, rules);
      return rules;
    },
  });
};

cacheValidationMetadata();

const issuesOf = (errors: readonly ValidationError[], parent = ''): ValidationIssue[] =>
  errors.flatMap((error) => {
    const path = parent === '' ? error.property : `${parent}.${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
    return [...own, ...issuesOf(error.children ?? [], path)];
  });

/** Reads bodies, queries and path parameters as the class that their handler declares, and validates them. */
class DtoValidationPipe implements PipeTransform {
  constructor(private readonly isLenient: boolean) {}

  /** Returns a valid instance of the declared class. @throws VALIDATION_FAILED */
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || !metatype) return value;
    const plain = value ?? {};
    if (typeof plain !== 'object' || Array.isArray(plain)) {
      throw validationFailed([{ path: '', message: `the ${type} must be an object` }]);
    }
    const reader = new DtoReader(this.isLenient);
    const instance = reader.read(metatype as RequestClass, plain);
    const errors = validateSync(instance, { validationError: { target: false, value: false } });
    const issues = [...reader.issues, ...issuesOf(errors)];
    if (issues.length > 0) throw validationFailed(issues.slice(0, MAX_ISSUES));
    return instance;
  }
}

/** Rejects unknown fields. */
export const strictValidation = new DtoValidationPipe(false);

/** Drops unknown fields, and fields that are `null`, as some languages write missing ones. */
export const lenientValidation = new DtoValidationPipe(true);
