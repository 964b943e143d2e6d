import { freePort } from '#testing';
import { SystemProgram } from './system-program.js';

/** A real PgBouncer in transaction mode, in front of the tests' PostgreSQL. */
export class PgBouncer {
  private constructor(
    private readonly program: SystemProgram,
    readonly url: string,
  ) {}

  static async inFrontOf(databaseUrl: string): Promise<PgBouncer> {
    const target = new URL(databaseUrl);
    const port = await freePort();
    const program = await SystemProgram.start('pgbouncer', {
      port,
      configuration: () => `
[databases]
* = host=${target.hostname} port=${target.port} user=${target.username} password=${target.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 10`,
      args: (file) => [...(process.getuid?.() === 0 ? ['-u', 'nobody'] : []), file],
    });
    const url = new URL(databaseUrl);
    url.host = `127.0.0.1:${port}`;
    return new PgBouncer(program, url.toString());
  }

  stop(): Promise<void> {
    return this.program.stop();
  }
}
