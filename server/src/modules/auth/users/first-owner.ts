import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UsersService } from './users.service.js';

/** Creates the first owner of an empty installation when a server starts; commands on the host do without it. */
@Injectable()
export class FirstOwner implements OnModuleInit {
  constructor(private readonly users: UsersService) {}

  async onModuleInit(): Promise<void> {
    await this.users.createFirstOwner();
  }
}
