import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { UsersService } from './users.service.js';

export interface MadeOwner {
  readonly username: string;
  readonly password: string;
}

/** Makes the first owner of a new installation, from the environment or by itself. */
@Injectable()
export class FirstOwner implements OnModuleInit {
  /** The owner whose password this start made up: shown once, kept nowhere. Null otherwise. */
  made: MadeOwner | null = null;

  constructor(
    private readonly config: AppConfig,
    private readonly users: UsersService,
  ) {}

  async onModuleInit(): Promise<void> {
    const username = this.config.adminUsername ?? 'admin';
    const password = this.config.adminPassword ?? randomBytes(18).toString('base64url');
    const isNew = await this.users.createFirstOwner(username, password);
    if (isNew && this.config.adminPassword === null) this.made = { username, password };
  }
}
