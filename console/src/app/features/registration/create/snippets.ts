import type { TextKey } from '../../../core/i18n/text-key';

export interface Snippet {
  /** Key of its name. */
  readonly label: TextKey;
  readonly text: string;
}

const PLACEHOLDER_CODE = 'my-service';

const quoted = (text: string): string => `'${text}'`;

const nodeSnippet = (token: string, code: string, origin: string): string =>
  [
    "import { CapsuleAgent } from '@opstage/agent';",
    '',
    'const agent = new CapsuleAgent({',
    `  backendUrl: ${quoted(origin)},`,
    '  registrationToken: process.env.OPSTAGE_REGISTRATION_TOKEN,',
    `  agent: { code: ${quoted(code)} },`,
    '  service: {',
    `    code: ${quoted(code)},`,
    `    name: ${quoted(code)},`,
    "    version: '1.0.0',",
    '  },',
    '});',
    "agent.health(() => ({ status: 'UP' }));",
    'await agent.start();',
    '',
    '// Its environment, until it is registered:',
    '// OPSTAGE_REGISTRATION_TOKEN=',
    `//   ${token}`,
  ].join('\n');

/** The snippets that register an agent with the token. */
export const snippetsFor = (token: string, agentCode: string | null, origin: string): readonly Snippet[] => {
  const code = agentCode ?? PLACEHOLDER_CODE;
  const body = JSON.stringify({ registrationToken: token, agent: { code } });
  return [
    {
      label: 'registration.snippets.node',
      text: nodeSnippet(token, code, origin),
    },
    {
      label: 'registration.snippets.docker',
      text: [
        'docker run -d \\',
        `  -e OPSTAGE_BACKEND_URL=${origin} \\`,
        `  -e OPSTAGE_REGISTRATION_TOKEN=${token} \\`,
        `  -e OPSTAGE_AGENT_CODE=${code} \\`,
        `  -v ${code}-data:/app/data \\`,
        '  your-image',
      ].join('\n'),
    },
    {
      label: 'registration.snippets.curl',
      text: [
        `curl -X POST ${origin}/api/agents/register \\`,
        "  -H 'Content-Type: application/json' \\",
        `  -d '${body}'`,
      ].join('\n'),
    },
  ];
};
