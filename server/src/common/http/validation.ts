import { ValidationPipe, type ValidationError } from '@nestjs/common';
import type { ValidationIssue } from '#contracts';
import { validationFailed } from '../errors/domain-error.js';

const MAX_ISSUES = 50;

const issuesOf = (errors: readonly ValidationError[], parent = ''): ValidationIssue[] =>
  errors.flatMap((error) => {
    const path = parent === '' ? error.property : `${parent}.${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
    return [...own, ...issuesOf(error.children ?? [], path)];
  });

const pipe = (forbidNonWhitelisted: boolean): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => validationFailed(issuesOf(errors).slice(0, MAX_ISSUES)),
  });

/** Refuses unknown fields. */
export const adminBodyPipe = pipe(true);

/** Drops unknown fields. */
export const agentBodyPipe = pipe(false);
