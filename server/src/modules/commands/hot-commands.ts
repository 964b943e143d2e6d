import type { CommandId } from '#contracts';
import { memoized } from '../../common/memory/memoized.js';
import type { Database } from '../../database/database.js';
import type { EntityColumns } from '../../database/entity-sql.js';
import type { SqlParameters } from '../../database/named-sql.js';
import type { Tx } from '../../database/tx.js';
import { CommandEntity } from './command.entity.js';

interface Row extends Readonly<Record<string, unknown>> {
  readonly service_code: string;
  readonly service_name: string;
}

interface ShownRow extends Row {
  readonly agent_name: string;
  readonly action_label: string | null;
}

// Looked up one by one: with SQLite a join of single rows takes several times as long.
const SERVICE = `(SELECT code FROM capsule_services WHERE id = command.service_id) AS service_code,
  (SELECT name FROM capsule_services WHERE id = command.service_id) AS service_name`;
const SHOWN = `(SELECT name FROM agents WHERE id = command.agent_id) AS agent_name,
  (SELECT label FROM service_actions action
    WHERE action.service_id = command.service_id AND action.name = command.action_name) AS action_label`;

/** The readings that every command takes on its way, written by hand: building each query anew would cost more than all else. */
export class HotCommands {
  readonly #command: EntityColumns<CommandEntity>;
  readonly #select = memoized(
    (rest: string) => `SELECT ${this.#command.list}, ${SERVICE} FROM commands command ${rest}`,
  );
  readonly #selectShown: string;

  constructor(private readonly db: Database) {
    this.#command = db.columnsOf(CommandEntity, 'command');
    this.#selectShown = `SELECT ${this.#command.list}, ${SERVICE}, ${SHOWN} FROM commands command WHERE command.id = :id`;
  }

  /** With what its service is called; the first that {@link list} gives. */
  async find(rest: string, parameters: SqlParameters, tx?: Tx): Promise<CommandEntity | null> {
    const [found] = await this.list(rest, parameters, tx);
    return found ?? null;
  }

  /** `rest`: what follows `FROM commands command`; written in code, always the same. */
  async list(rest: string, parameters: SqlParameters, tx?: Tx): Promise<CommandEntity[]> {
    return (await this.db.query<Row>(this.#select(rest), parameters, tx)).map((row) => this.#read(row));
  }

  /** With what its service, its agent and its action are called. */
  async findShown(id: CommandId, tx?: Tx): Promise<CommandEntity | null> {
    const [row] = await this.db.query<ShownRow>(this.#selectShown, { id }, tx);
    if (!row) return null;
    const action = row.action_label === null ? null : { label: row.action_label };
    return Object.assign(this.#read(row), { agent: { name: row.agent_name }, action });
  }

  #read(row: Row): CommandEntity {
    return Object.assign(this.#command.read(row), { service: { code: row.service_code, name: row.service_name } });
  }
}
