/** The longest parts of a report: texts in code points, values in characters of their JSON. */
export const LIMITS = {
  /** Services in a report or heartbeat. */
  services: 200,
  /** Configuration items, and actions, of a service. */
  items: 500,
  name: 200,
  key: 200,
  /** Of a health message or description. */
  message: 2_000,
  /** Of a version, runtime or type. */
  short: 80,
  category: 120,
  actionName: 120,
  ref: 500,
  /** Health details, and the values of a configuration item. */
  value: 10_000,
  schema: 100_000,
  manifest: 200_000,
  order: { min: -1_000_000, max: 1_000_000 },
  /** A day. */
  timeout: { min: 1, max: 86_400 },
} as const;

export const ACTION_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
