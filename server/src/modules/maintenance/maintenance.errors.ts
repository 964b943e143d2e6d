import { DomainError } from '../../common/errors/domain-error.js';

export const maintenanceRunning = (): DomainError =>
  new DomainError('MAINTENANCE_RUNNING', 'Another server is running the maintenance; try again in a minute.');
