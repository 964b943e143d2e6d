/** One request of a disturbance. */
export interface DisturbingRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** Something users do that must not delay the agents. */
export interface Disturbance {
  readonly name: string;
  /** Number of concurrent users. */
  readonly people: number;
  /** The requests each of them repeats. */
  readonly requests: readonly DisturbingRequest[];
}

const get = (path: string): DisturbingRequest => ({ method: 'GET', path: `/api/admin/${path}` });

/** The disturbances, for a store of this size. */
export const disturbances = (sizes: {
  readonly commands: number;
  readonly auditEvents: number;
}): readonly Disturbance[] => [
  { name: 'audit export', people: 1, requests: [get('audit-events/export?format=json')] },
  { name: 'backup', people: 1, requests: [{ method: 'POST', path: '/api/admin/backup/sqlite' }] },
  {
    name: 'deep list pages',
    people: 1,
    requests: [
      get(`audit-events?pageSize=100&page=${Math.floor(sizes.auditEvents / 100)}`),
      get(`commands?pageSize=100&page=${Math.floor(sizes.commands / 100)}`),
      get('capsule-services?pageSize=100&page=50'),
    ],
  },
  { name: 'metrics and dashboard', people: 1, requests: [get('metrics'), get('dashboard/summary')] },
  {
    name: 'wrong passwords',
    people: 4,
    requests: [
      {
        method: 'POST',
        path: '/api/admin/auth/login',
        body: JSON.stringify({ username: 'somebody', password: 'not the password' }),
      },
    ],
  },
];
