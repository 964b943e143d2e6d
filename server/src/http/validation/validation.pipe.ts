import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { TransformationType, type TypeMetadata } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, type MetadataStorage, validateSync, type ValidationError } from 'class-validator';
import type { ValidationIssue } from '#contracts';
import { type DomainError, validationFailed } from '../../common/errors.js';

/** Longer than any list a request may hold by its own rules; past it nothing is looked at. */
export const MAX_LIST_LENGTH = 1_000;
/** Objects with rules in one request: validation takes some 20 µs for each, and the server does nothing else meanwhile. */
export const MAX_OBJECTS = 20_000;

export type RequestClass = new () => object;

interface Field {
  readonly isList: boolean;
  /** The class of `@Type`; null for values of their own: texts, numbers, free JSON. */
  readonly nested: RequestClass | null;
  /** What `@Transform` makes of the value. */
  readonly convert: (value: unknown) => unknown;
}

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

/** The fields that have a rule of class-validator; no others are read. */
const fieldsOf = (type: RequestClass): ReadonlyMap<string, Field> => {
  const known = fieldsByClass.get(type);
  if (known) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  // Without rules it would let anything through; and what is no class of ours, such as String, has none.
  if (rules.length === 0) throw new Error(`${type.name} has no validation rules, so no request can be read as one.`);
  const fields = new Map(rules.map(({ propertyName }) => [propertyName, fieldOf(type, propertyName)]));
  fieldsByClass.set(type, fields);
  return fields;
};

/**
 * Makes instances of request classes from JSON, for class-validator to check. In place of class-transformer's own
 * `plainToInstance`, which also walks what it knows nothing about: there it takes quadratic time, drops keys such as
 * `toString`, and calls what it finds under `constructor`. Free JSON is passed on here as it is.
 */
export class DtoReader {
  /** Fields without a rule, and lists in place of objects. */
  readonly issues: ValidationIssue[] = [];
  #objects = 0;

  /** @param isLenient leaves out what it does not know, and what says `null` in place of nothing */
  constructor(private readonly isLenient: boolean) {}

  /** @throws VALIDATION_FAILED when there is more of it than validation should look at */
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
    // class-validator takes a list for its items even where an object must be, and is content with an empty one.
    this.issues.push({ path, message: 'must be an object' });
    return null;
  }
}

type Rules = ReturnType<MetadataStorage['getTargetValidationMetadatas']>;

/**
 * Has class-validator find the rules of a class once. By itself it goes through those of every class there is for each
 * object it checks, which took longer than checking a heartbeat by them. Not for validation by groups, or of classes
 * that are given rules after their first object.
 */
export const cacheValidationMetadata = (storage: MetadataStorage = getMetadataStorage()): void => {
  const find: MetadataStorage['getTargetValidationMetadatas'] = storage.getTargetValidationMetadatas.bind(storage);
  const known = new WeakMap<object, Rules>();
  Object.assign(storage, {
    getTargetValidationMetadatas: (...asked: Parameters<typeof find>): Rules => {
      const [type, , always, strictGroups, groups] = asked;
      if (always || strictGroups || groups !== undefined) return find(...asked);
      const rules = known.get(type) ?? find(...asked);
      known.set(type, rules);
      return rules;
    },
  });
};

cacheValidationMetadata();

/** More are not told of. */
export const MAX_ISSUES = 50;

const issuesOf = (errors: readonly ValidationError[], parent = ''): ValidationIssue[] =>
  errors.flatMap((error) => {
    const path = parent === '' ? error.property : `${parent}.${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
    return [...own, ...issuesOf(error.children ?? [], path)];
  });

/** Reads bodies, queries and path parameters as the class their handler declares, and checks that class's rules. */
class DtoValidationPipe implements PipeTransform {
  constructor(private readonly isLenient: boolean) {}

  /** @throws VALIDATION_FAILED */
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

/** Refuses unknown fields. */
export const strictValidation = new DtoValidationPipe(false);

/** Leaves unknown fields out, and those that are `null`, as some languages write what is not there. */
export const lenientValidation = new DtoValidationPipe(true);
