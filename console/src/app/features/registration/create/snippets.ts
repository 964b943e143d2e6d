import type { TextKey } from '../../../core/i18n/text-key';

export interface Snippet {
  /** Key of its name. */
  readonly label: TextKey;
  readonly text: string;
}

/** What a snippet names. */
export interface SnippetFacts {
  readonly token: string;
  /** The agent that the token is for; null for any. */
  readonly agentCode: string | null;
  /** Of the server. */
  readonly origin: string;
  /** The archive of the SDK that the server has; null while it is not known. */
  readonly sdkFile: string | null;
}

const PLACEHOLDER_CODE = 'my-service';

/** The line that starts a program as this agent. */
const start = ({ token, origin }: SnippetFacts, code: string, command: string): string =>
  `OPSTAGE_BACKEND_URL=${origin} OPSTAGE_AGENT_CODE=${code} OPSTAGE_REGISTRATION_TOKEN=${token} ${command}`;

/** Three lines for a shell in an empty folder: install, write the smallest service, start it. */
const nodeSnippet = (facts: SnippetFacts, code: string, file: string): string => {
  const service = `service: { code: '${code}', name: '${code}' }`;
  const program =
    "import { CapsuleAgent } from '@opstage/agent'; " +
    `await new CapsuleAgent({ ${service} }).health(() => ({ status: 'UP' })).start();`;
  return [
    `npm install ${facts.origin}/sdk/${file}`,
    `echo "${program}" > agent.mjs`,
    start(facts, code, 'node agent.mjs'),
  ].join('\n');
};

/** The same for Python, which needs nothing but one file. */
const pythonSnippet = (facts: SnippetFacts, code: string): string => {
  const program =
    'from opstage_agent import Agent; agent = Agent(); ' +
    `agent.service('${code}', '${code}', health=lambda: {'status': 'UP'}); agent.run()`;
  return [
    `curl -fO ${facts.origin}/sdk/opstage_agent.py`,
    `echo "${program}" > service.py`,
    start(facts, code, 'python3 service.py'),
  ].join('\n');
};

const curlSnippet = ({ token, origin }: SnippetFacts, code: string): string =>
  [
    `curl -X POST ${origin}/api/agents/register \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${JSON.stringify({ registrationToken: token, agent: { code } })}'`,
  ].join('\n');

/** The snippets that register an agent with the token; only those that work as they stand. */
export const snippetsFor = (facts: SnippetFacts): readonly Snippet[] => {
  const code = facts.agentCode ?? PLACEHOLDER_CODE;
  const curl: Snippet = { label: 'registration.snippets.curl', text: curlSnippet(facts, code) };
  if (facts.sdkFile === null) return [curl];
  return [
    { label: 'registration.snippets.node', text: nodeSnippet(facts, code, facts.sdkFile) },
    { label: 'registration.snippets.python', text: pythonSnippet(facts, code) },
    curl,
  ];
};

/** Whether others on the way can read the token and what the service is told: plain HTTP to another machine. */
export const isReadableOnTheWay = ({ protocol, hostname }: Pick<Location, 'protocol' | 'hostname'>): boolean =>
  protocol === 'http:' && hostname !== 'localhost' && hostname !== '[::1]' && !hostname.startsWith('127.');
