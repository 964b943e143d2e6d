import type { FormGroup } from '@angular/forms';
import { toApiError, type ApiError } from '../../core/api/api-error';

/**
 * Sets the error `server` on the fields the server refused. Returns the failure when part of it belongs to no
 * field, else null.
 */
export const showIssues = (form: FormGroup, thrown: unknown): ApiError | null => {
  const failure = toApiError(thrown);
  // `allowedCidrs.0` belongs to the field `allowedCidrs`.
  const fieldOf = (path: string) => form.get(path) ?? form.get(path.split('.')[0] ?? '');
  for (const { path, message } of failure.issues) {
    const field = path === '' ? null : fieldOf(path);
    field?.setErrors({ server: message });
    field?.markAsTouched();
  }
  const isPlaced = failure.issues.length > 0 && failure.issues.every(({ path }) => path !== '' && fieldOf(path));
  return isPlaced ? null : failure;
};
