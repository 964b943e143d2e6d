import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'commander';
import { Role, type User } from '#contracts';
import { SYSTEM } from '../common/actor.js';
import { AuthModule } from '../modules/auth/auth.module.js';
import { PasskeysService } from '../modules/auth/passkeys/passkeys.service.js';
import { UsersService } from '../modules/auth/users/users.service.js';
import { withModules } from './server-context.js';
import { columns, note, print, readNewPassword, UserError } from './terminal.js';

const PAGE_SIZE = 100;
const GENERATED_PASSWORD_BYTES = 18;
const USERNAME = /^[A-Za-z0-9._@-]{1,80}$/;
const GENERATE = ['--generate', 'generate a password and print it once, instead of asking for one'] as const;

interface PasswordOptions {
  readonly generate?: true;
}

const withUsers = <T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> =>
  withModules([AuthModule], work);

const allUsers = async (app: INestApplicationContext): Promise<readonly User[]> => {
  const found: User[] = [];
  for (let page = 1; ; page += 1) {
    const { data } = await app.get(UsersService).list({ page, pageSize: PAGE_SIZE });
    found.push(...data);
    if (data.length < PAGE_SIZE) return found;
  }
};

const list = (): Promise<void> =>
  withUsers(async (app) => {
    const rows = (await allUsers(app)).map((user) => [
      user.username,
      user.role,
      user.status,
      user.lastLoginAt ?? 'never signed in',
    ]);
    print(...columns([['USER', 'ROLE', 'STATUS', 'LAST SIGN-IN'], ...rows]));
  });

const newPassword = (generate: true | undefined): Promise<string> =>
  generate ? Promise.resolve(randomBytes(GENERATED_PASSWORD_BYTES).toString('base64url')) : readNewPassword();

const printPassword = (password: string, generate: true | undefined): void => {
  if (generate) print(`Password: ${password}`, 'It is shown only once; store it now.');
};

const getUser = async (app: INestApplicationContext, username: string): Promise<User> => {
  const user = await app.get(UsersService).findByUsername(username);
  if (!user) throw new UserError(`There is no user ${username}. Run \`opstage users list\` to see all users.`);
  return user;
};

const create = async (
  username: string,
  { role, generate }: PasswordOptions & { readonly role: Role },
): Promise<void> => {
  if (!USERNAME.test(username)) throw new UserError('A user name has 1 to 80 letters, digits or any of . _ @ -');
  const password = await newPassword(generate);
  await withUsers(async (app) => {
    await app.get(UsersService).create(SYSTEM, { username, password, role });
    print(`Created user ${username} as ${role}.`);
    printPassword(password, generate);
  });
};

const resetPassword = async (username: string, { generate }: PasswordOptions): Promise<void> => {
  const password = await newPassword(generate);
  await withUsers(async (app) => {
    const user = await getUser(app, username);
    await app.get(UsersService).resetPassword(SYSTEM, user.id, { newPassword: password });
    print(`Reset the password of ${username} and ended their sessions.`);
    printPassword(password, generate);
    if (user.status === 'DISABLED') note(`User ${username} is disabled; an owner can enable them in the console.`);
  });
};

const resetPasskeys = (username: string): Promise<void> =>
  withUsers(async (app) => {
    const user = await getUser(app, username);
    if (user.passkeyCount === 0) {
      print(`User ${user.username} has no passkeys.`);
      return;
    }
    await app.get(PasskeysService).reset(SYSTEM, user.id);
    print(`Removed the passkeys of ${user.username} and ended their sessions.`);
  });

/** `opstage users`: lists and creates users, and restores access for users who cannot sign in. */
export const usersCommand = (): Command => {
  const users = new Command('users').description('list and create users, and reset their passwords and passkeys');
  users.command('list').description('list all users').action(list);
  users
    .command('create <username>')
    .description('create a user')
    .addOption(new Option('--role <role>', 'the role of the user').choices(Object.values(Role)).default(Role.owner))
    .option(...GENERATE)
    .action(create);
  users
    .command('reset-password <username>')
    .description('set a new password and end the user’s sessions')
    .option(...GENERATE)
    .action(resetPassword);
  users
    .command('reset-passkeys <username>')
    .description('remove all passkeys of a user who has lost them, and end their sessions')
    .action(resetPasskeys);
  return users;
};
