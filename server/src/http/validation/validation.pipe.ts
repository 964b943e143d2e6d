import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { TransformationType, type TypeMetadata } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import {
  ARRAY_MAX_SIZE,
  getMetadataStorage,
  type MetadataStorage,
  validateSync,
  ValidationTypes,
} from 'class-validator';
import type { ValidationIssue } from '#contracts';
import { DomainError, validationFailed } from '../../common/errors.js';
import { measured } from '../../common/served-request.js';
import { type Cleaner, cleanerOf, Cleaning, cleaningOf, type PlainObject, setCleaning } from './cleaning.js';

/** For lists whose class sets no maximum; a list above its maximum is rejected unread. */
export const MAX_LIST_LENGTH = 1_000;
/** Objects with rules in one request: each takes some 20 µs of validation, during which the server does nothing else. */
export const MAX_OBJECTS = 20_000;
/** The most issues that one response lists; reading stops at the last one. */
export const MAX_ISSUES = 50;

export type RequestClass = new () => object;

interface Field {
  readonly isList: boolean;
  /** The most items, if it is a list. */
  readonly maxItems: number;
  /** The class of `@Type`; null for strings, numbers and free JSON. */
  readonly nested: RequestClass | null;
  /** Applies `@Transform`. */
  readonly convert: (value: unknown) => unknown;
}

type Rules = ReturnType<MetadataStorage['getTargetValidationMetadatas']>;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const maxItemsOf = (rules: Rules, key: string): number => {
  const maxima = rules.filter(({ propertyName, name }) => propertyName === key && name === ARRAY_MAX_SIZE);
  return Math.min(MAX_LIST_LENGTH, ...maxima.map(({ constraints }) => Number(constraints[0])));
};

const fieldOf = (type: RequestClass, key: string, rules: Rules): Field => {
  const typed = defaultMetadataStorage.findTypeMetadata(type, key) as TypeMetadata | undefined;
  const toClass = TransformationType.PLAIN_TO_CLASS;
  const transforms = defaultMetadataStorage.findTransformMetadatas(type, key, toClass);
  return {
    isList: Reflect.getMetadata('design:type', type.prototype as object, key) === Array,
    maxItems: maxItemsOf(rules, key),
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
  // With a list of groups, even an empty one, it returns the rules for nested objects too.
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false, []);
  // Without rules it would let anything through; a class that is not ours, such as String, has none.
  if (rules.length === 0) throw new Error(`${type.name} has no validation rules, so no request can be read as one.`);
  const fields = new Map(rules.map(({ propertyName }) => [propertyName, fieldOf(type, propertyName, rules)]));
  fieldsByClass.set(type, fields);
  return fields;
};

/**
 * Creates instances of request classes from JSON and validates each with class-validator, the parts of an object before the object. It
 * replaces class-transformer's `plainToInstance`, which also walks fields without rules, in quadratic time, drops keys such as
 * `toString` there, and calls what it finds under `constructor`. Free JSON passes unchanged here.
 *
 * Reading stops at the first list that is too long and at the {@link MAX_ISSUES}th issue: an invalid request costs no more than its
 * answer can say.
 */
class DtoReader {
  readonly #issues: ValidationIssue[] = [];
  #objects = 0;

  /** @param isLenient drops unknown fields, and fields that are `null` */
  constructor(private readonly isLenient: boolean) {}

  /** Returns a valid instance. @throws VALIDATION_FAILED */
  readValid(type: RequestClass, plain: object): object {
    const instance = this.#read(type, plain, '');
    if (this.#issues.length > 0) throw validationFailed(this.#issues);
    return instance;
  }

  #read(type: RequestClass, plain: object, path: string): object {
    this.#objects += 1;
    if (this.#objects > MAX_OBJECTS) this.#stop(path, `must not hold more than ${MAX_OBJECTS} objects`);
    const instance = new type() as Record<string, unknown>;
    const fields = fieldsOf(type);
    for (const [key, value] of Object.entries(plain)) {
      if (value === null && this.isLenient) continue;
      const field = fields.get(key);
      if (field) instance[key] = field.convert(this.#readField(field, value, join(path, key)));
      else if (!this.isLenient) this.#add(join(path, key), `property ${key} should not exist`);
    }
    for (const { property, constraints } of validateSync(instance, OWN_RULES)) {
      for (const message of Object.values(constraints ?? {})) this.#add(join(path, property), message);
    }
    return instance;
  }

  #readField({ isList, maxItems, nested }: Field, value: unknown, path: string): unknown {
    // Whether null is allowed is up to the rules of the field.
    if (!isList || !Array.isArray(value))
      return nested && value !== null ? this.#readNested(nested, value, path) : value;
    if (value.length > maxItems) {
      this.#stop(path, `${path.slice(path.lastIndexOf('.') + 1)} must contain no more than ${maxItems} elements`);
    }
    return nested ? value.map((item, index) => this.#readNested(nested, item, `${path}.${index}`)) : (value as unknown);
  }

  #readNested(type: RequestClass, value: unknown, path: string): unknown {
    if (isObject(value)) return this.#read(type, value, path);
    this.#add(path, 'must be an object');
    return value;
  }

  #add(path: string, message: string): void {
    this.#issues.push({ path, message });
    if (this.#issues.length >= MAX_ISSUES) throw validationFailed(this.#issues);
  }

  #stop(path: string, message: string): never {
    throw validationFailed([...this.#issues, { path, message }]);
  }
}

const OWN_RULES = { validationError: { target: false, value: false } };

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/**
 * Makes class-validator look up the rules of a class once, and leave nested objects to {@link DtoReader}, which can stop. By default it
 * searches the rules of all classes for each object, which took longer than validating a heartbeat. Validation by groups is as
 * before; a class must have all of its rules before its first object.
 */
export const cacheValidationMetadata = (storage: MetadataStorage = getMetadataStorage()): void => {
  const find: MetadataStorage['getTargetValidationMetadatas'] = storage.getTargetValidationMetadatas.bind(storage);
  const known = new WeakMap<object, Rules>();
  Object.assign(storage, {
    getTargetValidationMetadatas: (...args: Parameters<typeof find>): Rules => {
      const [type, , always, strictGroups, groups] = args;
      if (always || strictGroups || groups !== undefined) return find(...args);
      const rules = known.get(type) ?? find(...args).filter((rule) => rule.type !== ValidationTypes.NESTED_VALIDATION);
      known.set(type, rules);
      return rules;
    },
  });
};

cacheValidationMetadata();

const carryOver = (cleaning: Cleaning | null, request: object): object => {
  if (cleaning) setCleaning(request, cleaning);
  return request;
};

/** Reads bodies, queries and path parameters as the class that their handler declares, and validates them. */
export class DtoValidationPipe implements PipeTransform {
  constructor(private readonly isLenient: boolean) {}

  /** Returns a valid instance of the declared class. @throws VALIDATION_FAILED */
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || !metatype) return value;
    const plain = value ?? {};
    if (typeof plain !== 'object' || Array.isArray(plain)) {
      throw validationFailed([{ path: '', message: `the ${type} must be an object` }]);
    }
    const requestClass = metatype as RequestClass;
    const clean = this.isLenient ? cleanerOf(requestClass) : undefined;
    const read = () => (clean ? this.#readKept(requestClass, plain, clean) : this.#read(requestClass, plain));
    // A query or path has a few short texts: looking at the time would take longer.
    return type === 'body' ? measured(read) : read();
  }

  #read(type: RequestClass, plain: object): object {
    return new DtoReader(this.isLenient).readValid(type, plain);
  }

  /** What can be kept of the request; a valid one costs no more than any other. @throws VALIDATION_FAILED */
  #readKept(type: RequestClass, plain: object, clean: Cleaner): object {
    const before = cleaningOf(plain);
    try {
      return carryOver(before, this.#read(type, plain));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'VALIDATION_FAILED') throw error;
      const cleaning = before ?? new Cleaning();
      return carryOver(cleaning, this.#read(type, clean(plain as PlainObject, cleaning)));
    }
  }
}

/** Rejects unknown fields. */
export const strictValidation = new DtoValidationPipe(false);

/** Drops unknown fields, and fields that are `null`, as some languages write missing ones. */
export const lenientValidation = new DtoValidationPipe(true);
