import type { CommandId } from '#contracts';
import { memoized } from '../../common/memory/memoized.js';
import type { Database } from '../../database/database.js';
import type { EntityColumns } from '../../database/entity-sql.js';
import type { SqlParameters } from '../../database/named-sql.js';
import type { Tx } from '../../database/tx.js';
import { CapsuleServiceEntity } from '../services/capsule-service.entity.js';
import { CommandEntity } from './command.entity.js';

type Row = Readonly<Record<string, unknown>>;

interface ShownRow extends Row {
  readonly agent_name: string;
  readonly action_label: string | null;
}

/** The readings that every command takes on its way, written by hand: building each query anew would cost more than all else. */
export class HotCommands {
  readonly #command: EntityColumns<CommandEntity>;
  readonly #service: EntityColumns<CapsuleServiceEntity>;
  readonly #select = memoized((rest: string) => `SELECT ${this.#command.list}, ${this.#service.list} ${FROM} ${rest}`);
  readonly #selectShown: string;

  constructor(private readonly db: Database) {
    this.#command = db.columnsOf(CommandEntity, 'command');
    this.#service = db.columnsOf(CapsuleServiceEntity, 'service', ['id', 'code', 'name']);
    this.#selectShown = `SELECT ${this.#command.list}, ${this.#service.list},
        agent.name AS agent_name, action.label AS action_label ${FROM}
      JOIN agents agent ON agent.id = command.agent_id
      LEFT JOIN service_actions action ON action.service_id = command.service_id AND action.name = command.action_name
      WHERE command.id = :id`;
  }

  /** With what its service is called; the first that {@link list} gives. */
  async find(rest: string, parameters: SqlParameters, tx?: Tx): Promise<CommandEntity | null> {
    const [found] = await this.list(rest, parameters, tx);
    return found ?? null;
  }

  /** `rest`: what follows `FROM commands command JOIN capsule_services service`; written in code, always the same. */
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
    return Object.assign(this.#command.read(row), { service: this.#service.read(row) });
  }
}

const FROM = 'FROM commands command JOIN capsule_services service ON service.id = command.service_id';
