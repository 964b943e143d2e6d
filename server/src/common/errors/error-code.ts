/** The `code` that Node and database drivers put on their errors; null when there is none. */
export const errorCodeOf = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** What the driver said: TypeORM wraps it. */
export const driverErrorOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'driverError' in error ? error.driverError : error;
