import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'commander';
import { Role, type User } from '#contracts';
import { SYSTEM } from '../common/actor.js';
import { PasskeysModule, UsersModule } from '../modules/auth/auth.module.js';
import { PasskeyReset } from '../modules/auth/passkeys/passkeys.service.js';
import type { UserEntity } from '../modules/auth/users/user.entity.js';
import { UsersRepository } from '../modules/auth/users/users.repository.js';
import { UsersService } from '../modules/auth/users/users.service.js';
import { firstSignInLines } from '../startup.js';
import { withModules } from './server-context.js';
import { columns, makePassword, note, UserError, print, readNewPassword } from './terminal.js';

const PAGE_SIZE = 100;

interface PasswordOptions {
  readonly generate?: true;
}

const withUsers = <T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> =>
  withModules([UsersModule, PasskeysModule], async (app) => {
    // An installation that had nobody has its first owner now.
    note(...firstSignInLines(app));
    return work(app);
  });

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
  generate ? Promise.resolve(makePassword()) : readNewPassword();

const sayPassword = (password: string, generate: true | undefined): void => {
  if (generate) print(`Password: ${password}`, 'It is shown once: keep it now.');
};

const getUser = async (app: INestApplicationContext, username: string): Promise<UserEntity> => {
  const user = await app.get(UsersRepository).findByUsername(username);
  if (!user) throw new UserError(`There is no user ${username}. \`opstage users list\` shows who there is.`);
  return user;
};

const USERNAME = /^[A-Za-z0-9._@-]{1,80}$/;

const create = async (
  username: string,
  { role, generate }: PasswordOptions & { readonly role: Role },
): Promise<void> => {
  if (!USERNAME.test(username)) throw new UserError('A user name has 1 to 80 letters, digits or any of . _ @ -');
  const password = await newPassword(generate);
  await withUsers((app) => app.get(UsersService).create(SYSTEM, { username, password, role }));
  print(`User ${username} was created as ${role}.`);
  sayPassword(password, generate);
};

const resetPassword = async (username: string, { generate }: PasswordOptions): Promise<void> => {
  const password = await newPassword(generate);
  await withUsers(async (app) => {
    const user = await getUser(app, username);
    await app.get(UsersService).resetPassword(SYSTEM, user.id, { newPassword: password });
    if (user.status === 'DISABLED') note(`User ${username} is disabled; an owner can enable them in the console.`);
  });
  print(`The password of ${username} was reset; their sessions have ended.`);
  sayPassword(password, generate);
};

const resetPasskeys = (username: string): Promise<void> =>
  withUsers(async (app) => {
    const user = await getUser(app, username);
    if (user.passkeyCount === 0) {
      print(`User ${user.username} has no passkeys.`);
      return;
    }
    await app.get(PasskeyReset).reset(SYSTEM, user.id);
    print(`The passkeys of ${user.username} were removed; their sessions have ended.`);
  });

const GENERATE = ['--generate', 'make a password up and print it once, instead of asking for one'] as const;

/** `opstage users`: who may sign in, and the way back in for an owner who cannot. */
export const usersCommand = (): Command => {
  const users = new Command('users').description('list and create users, and reset their passwords and passkeys');
  users.command('list').description('list who may sign in').action(list);
  users
    .command('create <username>')
    .description('create a user')
    .addOption(new Option('--role <role>', 'what they may do').choices(Object.values(Role)).default(Role.owner))
    .option(...GENERATE)
    .action(create);
  users
    .command('reset-password <username>')
    .description('set a new password and end the user’s sessions')
    .option(...GENERATE)
    .action(resetPassword);
  users
    .command('reset-passkeys <username>')
    .description('remove the passkeys of a user who has lost them, and end their sessions')
    .action(resetPasskeys);
  return users;
};
