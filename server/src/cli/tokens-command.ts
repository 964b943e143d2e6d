import { Command, InvalidArgumentError } from 'commander';
import { SYSTEM } from '../common/actor.js';
import { RegistrationModule } from '../modules/registration/registration.module.js';
import { RegistrationTokensService } from '../modules/registration/tokens/registration-tokens.service.js';
import { withModules } from './server-context.js';
import { print } from './terminal.js';

const DEFAULT_LIFE_SECONDS = 300;

interface TokenOptions {
  readonly agentCode?: string;
  readonly name: string;
  readonly expiresIn: number;
}

const seconds = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 60) throw new InvalidArgumentError('Enter whole seconds, at least 60.');
  return value;
};

const create = async ({ agentCode, name, expiresIn: expiresInSeconds }: TokenOptions): Promise<void> => {
  const request = { name, expiresInSeconds, ...(agentCode !== undefined && { agentCode }) };
  await withModules([RegistrationModule], async (app) => {
    const { token } = await app.get(RegistrationTokensService, { strict: false }).create(SYSTEM, request);
    print(token);
  });
};

/** `opstage tokens`: creates registration tokens, for scripts that enrol agents on the host. */
export const tokensCommand = (): Command => {
  const tokens = new Command('tokens').description('create registration tokens for agents');
  tokens
    .command('create')
    .description('create a registration token for one registration and print it')
    .option('--agent-code <code>', 'the only agent that can use it')
    .option('--name <name>', 'its name in the console', 'created on the host')
    .option('--expires-in <seconds>', 'how long it can be used', seconds, DEFAULT_LIFE_SECONDS)
    .action(create);
  return tokens;
};
