import { DomainError } from '../../common/errors/domain-error.js';

export const capsuleServiceNotFound = (id: string) =>
  new DomainError('CAPSULE_SERVICE_NOT_FOUND', `There is no service ${id}.`);

export const capsuleServiceCodeTaken = (code: string) =>
  new DomainError(
    'CAPSULE_SERVICE_CODE_TAKEN',
    `Service ${code} belongs to another agent that is live. Choose another code, or have an operator move the service here on its page in the console.`,
  );

export const actionNotFound = (name: string) =>
  new DomainError('ACTION_NOT_FOUND', `The service declares no action ${name}.`);
