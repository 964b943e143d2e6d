import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import type { ValidationIssue } from '#contracts';
import { validationFailed } from '../errors/domain-error.js';
import { RequestReader, type RequestClass } from './request-reader.js';
import { rememberRules } from './validation-rules.js';

rememberRules();

/** More are not told of. */
export const MAX_ISSUES = 50;

const issuesOf = (errors: readonly ValidationError[], parent = ''): ValidationIssue[] =>
  errors.flatMap((error) => {
    const path = parent === '' ? error.property : `${parent}.${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
    return [...own, ...issuesOf(error.children ?? [], path)];
  });

/** Reads bodies, queries and path parameters as the class their handler declares, and checks that class's rules. */
class RequestPipe implements PipeTransform {
  constructor(private readonly isLenient: boolean) {}

  /** @throws VALIDATION_FAILED */
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || !metatype) return value;
    const plain = value ?? {};
    if (typeof plain !== 'object' || Array.isArray(plain)) {
      throw validationFailed([{ path: '', message: `the ${type} must be an object` }]);
    }
    const reader = new RequestReader(this.isLenient);
    const instance = reader.read(metatype as RequestClass, plain);
    const errors = validateSync(instance, { validationError: { target: false, value: false } });
    const issues = [...reader.issues, ...issuesOf(errors)];
    if (issues.length > 0) throw validationFailed(issues.slice(0, MAX_ISSUES));
    return instance;
  }
}

/** Refuses unknown fields. */
export const adminBodyPipe = new RequestPipe(false);

/** Leaves unknown fields out, and those that are `null`, as some languages write what is not there. */
export const agentBodyPipe = new RequestPipe(true);
