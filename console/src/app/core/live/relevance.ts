import { ChangeTopic, type Change } from '#contracts';

const { AGENT, AUDIT, COMMAND, REGISTRATION_TOKEN, SERVICE, SETTINGS, USER } = ChangeTopic;

interface Relevance {
  /** The resource that is shown. For a detail, the group is its id. */
  readonly path: RegExp;
  readonly concerns: (change: Change, id: string) => boolean;
}

const about =
  (...topics: readonly ChangeTopic[]): Relevance['concerns'] =>
  ({ topic }) =>
    topics.includes(topic);

/** Costs more than a list and changes with every step of a command, so it is only polled. */
const never: Relevance['concerns'] = () => false;

const RELEVANCES: readonly Relevance[] = [
  // A list of agents counts their services; the status of a service depends on its agent.
  { path: /^agents$/, concerns: about(AGENT, SERVICE) },
  { path: /^agents\/([^/]+)/, concerns: (change, id) => about(AGENT, SERVICE)(change, id) && change.agentId === id },
  { path: /^capsule-services$/, concerns: about(AGENT, SERVICE) },
  { path: /^capsule-services\/health-strips$/, concerns: about(SERVICE) },
  {
    path: /^capsule-services\/([^/]+)/,
    // The address does not name the agent, so any agent may be concerned.
    concerns: ({ topic, serviceId }, id) => topic === AGENT || (topic === SERVICE && serviceId === id),
  },
  { path: /^commands$/, concerns: about(COMMAND) },
  { path: /^commands\/summary$/, concerns: never },
  { path: /^commands\/([^/]+)/, concerns: (change, id) => change.topic === COMMAND && change.id === id },
  { path: /^registration-tokens$/, concerns: about(REGISTRATION_TOKEN) },
  { path: /^maintenance\/jobs$/, concerns: about(SETTINGS) },
  { path: /^users$/, concerns: about(USER) },
  { path: /^audit-events$/, concerns: about(AUDIT) },
  { path: /^dashboard\//, concerns: about(AGENT, SERVICE, COMMAND, REGISTRATION_TOKEN) },
  { path: /^metrics$/, concerns: about(AGENT, SERVICE, COMMAND, REGISTRATION_TOKEN) },
  { path: /^(settings|diagnostics)\//, concerns: about(SETTINGS) },
];

const PREFIX = '/api/admin/';

/** Whether the change may affect what this address returns; true for unknown addresses. */
export const isConcerned = (url: string, change: Change): boolean => {
  const [path = ''] = url.split('?');
  const resource = path.startsWith(PREFIX) ? path.slice(PREFIX.length) : '';
  for (const relevance of RELEVANCES) {
    const [match, id = ''] = relevance.path.exec(resource) ?? [];
    if (match !== undefined) return relevance.concerns(change, decodeURIComponent(id));
  }
  return true;
};
