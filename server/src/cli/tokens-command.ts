import { Command, InvalidArgumentError } from 'commander';
import { SYSTEM } from '../common/actor.js';
import { RegistrationModule } from '../modules/registration/registration.module.js';
import { RegistrationTokensService } from '../modules/registration/tokens/registration-tokens.service.js';
import { withModules } from './server-context.js';
import { print } from './terminal.js';

const LIFE_SECONDS = 300;

interface TokenOptions {
  readonly agentCode?: string;
  readonly name: string;
  readonly expiresIn: number;
}

const seconds = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 60) throw new InvalidArgumentError('It takes whole seconds, 60 at least.');
  return value;
};

const create = async ({ agentCode, name, expiresIn: expiresInSeconds }: TokenOptions): Promise<void> => {
  const request = { name, expiresInSeconds, ...(agentCode !== undefined && { agentCode }) };
  const { token } = await withModules([RegistrationModule], (app) =>
    app.get(RegistrationTokensService, { strict: false }).create(SYSTEM, request),
  );
  print(token);
};

/** `opstage tokens`: registration tokens, for scripts that enrol agents on the host. */
export const tokensCommand = (): Command => {
  const tokens = new Command('tokens').description('make registration tokens for agents');
  tokens
    .command('create')
    .description('print a new registration token, which works once')
    .option('--agent-code <code>', 'the only agent it is for')
    .option('--name <name>', 'what it is called in the console', 'made on the host')
    .option('--expires-in <seconds>', 'how long it is good for', seconds, LIFE_SECONDS)
    .action(create);
  return tokens;
};
