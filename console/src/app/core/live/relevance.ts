import { ChangeTopic, type Change } from '#contracts';

const { AGENT, AUDIT, COMMAND, REGISTRATION_TOKEN, SERVICE, SETTINGS, USER } = ChangeTopic;

interface Relevance {
  /** What is shown there. Of a detail, its id is the group. */
  readonly path: RegExp;
  readonly concerns: (change: Change, id: string) => boolean;
}

const about =
  (...topics: readonly ChangeTopic[]): Relevance['concerns'] =>
  ({ topic }) =>
    topics.includes(topic);

/** Costs more than a list, and changes with every step of a command: it is read as time goes by. */
const never: Relevance['concerns'] = () => false;

const RELEVANCES: readonly Relevance[] = [
  // A list of agents counts their services; what a service is said to be depends on its agent.
  { path: /^agents$/, concerns: about(AGENT, SERVICE) },
  { path: /^agents\/([^/]+)/, concerns: (change, id) => about(AGENT, SERVICE)(change, id) && change.agentId === id },
  { path: /^capsule-services$/, concerns: about(AGENT, SERVICE) },
  { path: /^capsule-services\/health-strips$/, concerns: about(SERVICE) },
  {
    path: /^capsule-services\/([^/]+)/,
    // Whose service it is does not stand in the address: it may be any agent's.
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

/** Whether what is read from this address may be another after the change; of an address it does not know, always. */
export const isConcerned = (url: string, change: Change): boolean => {
  const [path = ''] = url.split('?');
  const resource = path.startsWith(PREFIX) ? path.slice(PREFIX.length) : '';
  for (const relevance of RELEVANCES) {
    const [match, id = ''] = relevance.path.exec(resource) ?? [];
    if (match !== undefined) return relevance.concerns(change, decodeURIComponent(id));
  }
  return true;
};
