import { Injectable } from '@nestjs/common';
import type { AgentId, CapsuleServiceId, CommandId, CommandStatus } from '#contracts';
import { memoize } from '../../common/memory/cache.js';
import { Database } from '../../database/database.js';
import type { EntityColumns } from '../../database/sql/entity-sql.js';
import type { SqlParameters } from '../../database/sql/named-parameters.js';
import type { Tx } from '../../database/tx.js';
import { OPEN_STATUSES } from './command-lifecycle.js';
import { CommandEntity } from './command.entity.js';

// Subqueries instead of joins: SQLite takes several times as long to join single rows.
const SERVICE = `(SELECT code FROM capsule_services WHERE id = command.service_id) AS service_code,
  (SELECT name FROM capsule_services WHERE id = command.service_id) AS service_name`;
const NAMES = `(SELECT name FROM agents WHERE id = command.agent_id) AS agent_name,
  (SELECT label FROM service_actions action
    WHERE action.service_id = command.service_id AND action.name = command.action_name) AS action_label`;

// The `+` keeps SQLite from choosing the index on that column, which spans the pending commands of all agents.
const CLAIMABLE = `command.status = 'PENDING' AND +command.expires_at > :now`;

// Subqueries again: SQLite turns EXISTS into a join.
const CLAIMABLE_OF_AGENT = `
  WHERE command.agent_id = :agentId AND ${CLAIMABLE}
    AND (SELECT status FROM agents WHERE id = command.agent_id) NOT IN ('DISABLED', 'REVOKED')
    AND (SELECT agent_id FROM capsule_services WHERE id = command.service_id) = command.agent_id
  ORDER BY +command.created_at, command.id LIMIT :limit`;

const CLAIMED_OF_AGENT = `
  SELECT id FROM commands WHERE agent_id = :agentId AND status = 'RUNNING' AND is_journaled
  ORDER BY created_at, id LIMIT 1000`;

const CLAIMED = `
  WHERE command.id IN (:...ids) AND command.agent_id = :agentId AND command.status = 'RUNNING' AND command.is_journaled
    AND (SELECT status FROM agents WHERE id = command.agent_id) NOT IN ('DISABLED', 'REVOKED')
  ORDER BY +command.created_at, command.id LIMIT :limit`;

const HAS_CLAIMABLE = `SELECT 1 FROM commands command WHERE command.agent_id = :agentId AND ${CLAIMABLE} LIMIT 1`;

const AGENTS_WITH_CLAIMABLE = `SELECT DISTINCT command.agent_id AS id FROM commands command WHERE ${CLAIMABLE}`;

const NEWEST = 'ORDER BY command.created_at DESC, command.id DESC LIMIT :limit';

const OVERDUE = `
  WHERE command.status IN (:...open) AND command.expires_at <= :now ORDER BY command.expires_at LIMIT :limit`;

const PENDING_OF_SERVICE = `
  SELECT id FROM commands WHERE service_id = :serviceId AND status = 'PENDING' ORDER BY created_at, id`;

const ENDED = 'SELECT id FROM commands WHERE id IN (:...ids) AND completed_at IS NOT NULL';

const CANCELLED_WHILE_RUNNING = `
  SELECT command.id, command.completed_at AS at FROM commands command
  WHERE command.agent_id = :agentId AND command.status = 'CANCELLED'
    AND command.started_at IS NOT NULL AND +command.completed_at >= :since
  LIMIT 100`;

const FINISHED_FIRST = `
  SELECT id FROM commands WHERE completed_at <= :before ORDER BY completed_at LIMIT :limit`;

interface Row extends Readonly<Record<string, unknown>> {
  readonly service_code: string;
  readonly service_name: string;
}

interface RowWithNames extends Row {
  readonly agent_name: string;
  readonly action_label: string | null;
}

/** When and to whom a command was handed out, and until when it can be answered. */
export type Claimed = Pick<CommandEntity, 'expiresAt'> & { readonly startedAt: Date; readonly isJournaled: boolean };

type Ending = Partial<Pick<CommandEntity, 'errorCode' | 'errorMessage'>> & {
  readonly status: CommandStatus;
  readonly completedAt: Date;
};

/** Commands, each with its service's code and name. Filtered pages and figures are in `CommandListsRepository`. */
@Injectable()
export class CommandsRepository {
  readonly #command: EntityColumns<CommandEntity>;
  /** Every command passes through these SELECTs, so their text is assembled once. */
  readonly #select = memoize(
    (rest: string) => `SELECT ${this.#command.select}, ${SERVICE} FROM commands command ${rest}`,
  );
  readonly #selectWithNames = memoize(
    (rest: string) => `SELECT ${this.#command.select}, ${SERVICE}, ${NAMES} FROM commands command ${rest}`,
  );

  constructor(private readonly db: Database) {
    this.#command = db.columns(CommandEntity, 'command');
  }

  async insert(command: CommandEntity, tx: Tx): Promise<void> {
    await tx.insert(CommandEntity, command);
  }

  findById(id: CommandId, tx?: Tx): Promise<CommandEntity | null> {
    return this.#find('WHERE command.id = :id', { id }, tx);
  }

  /** {@link findById} with the name of its agent and the label of its action, as the console shows it. */
  async findWithNames(id: CommandId, tx?: Tx): Promise<CommandEntity | null> {
    const [found] = await this.#listWithNames('WHERE command.id = :id', { id }, tx);
    return found ?? null;
  }

  /** Those of `ids` that exist, as {@link findWithNames} returns them, in any order. */
  listWithNames(ids: readonly CommandId[]): Promise<CommandEntity[]> {
    return this.#listWithNames('WHERE command.id IN (:...ids)', { ids });
  }

  /** The `limit` newest commands, newest first, as {@link findWithNames} returns them. */
  listNewest(limit: number): Promise<CommandEntity[]> {
    return this.#listWithNames(NEWEST, { limit });
  }

  findOfAgent(id: CommandId, agentId: AgentId, tx: Tx): Promise<CommandEntity | null> {
    return this.#find('WHERE command.id = :id AND command.agent_id = :agentId', { id, agentId }, tx);
  }

  /** {@link findOfAgent}, and keeps other transactions from changing the command until this one ends. */
  async lockOfAgent(id: CommandId, agentId: AgentId, tx: Tx): Promise<CommandEntity | null> {
    // A write that changes nothing locks the row on PostgreSQL; on SQLite there is one writer at a time.
    const changes = { startedAt: () => 'started_at' };
    const locked = await tx.update(CommandEntity, changes, 'id = :id AND agent_id = :agentId', { id, agentId });
    return locked > 0 ? this.findOfAgent(id, agentId, tx) : null;
  }

  /**
   * At most `limit` commands the agent may claim now, oldest first; none when it is disabled or revoked, and none for a
   * service that has moved to another agent.
   */
  listClaimable(agentId: AgentId, now: Date, limit: number, tx: Tx): Promise<CommandEntity[]> {
    return this.#list(CLAIMABLE_OF_AGENT, { agentId, now: now.getTime(), limit }, tx);
  }

  /** PENDING to RUNNING; true for the one poll that did. */
  async claim(id: CommandId, claimed: Claimed, tx: Tx): Promise<boolean> {
    const changes = { status: 'RUNNING', ...claimed } as const;
    return (await tx.update(CommandEntity, changes, `id = :id AND status = 'PENDING'`, { id })) > 0;
  }

  /** The commands the agent has claimed with a journal and not answered, oldest first; at most 1,000. */
  async listClaimedIds(agentId: AgentId): Promise<CommandId[]> {
    return idsOf(await this.db.query<{ id: CommandId }>(CLAIMED_OF_AGENT, { agentId }));
  }

  /** Those of `ids` that {@link listClaimedIds} would list, oldest first; none when the agent is disabled or revoked. */
  listClaimed(agentId: AgentId, ids: readonly CommandId[], limit: number, tx: Tx): Promise<CommandEntity[]> {
    return this.#list(CLAIMED, { agentId, ids: [...ids], limit }, tx);
  }

  /** Claims a running command again; true for the one call that did. */
  async claimAgain({ id, startedAt }: CommandEntity, claimed: Claimed, tx: Tx): Promise<boolean> {
    const condition = `id = :id AND status = 'RUNNING' AND started_at = :before`;
    return (await tx.update(CommandEntity, claimed, condition, { id, before: startedAt?.getTime() ?? null })) > 0;
  }

  /**
   * RUNNING to PENDING until `waitsUntil`, after a claim whose response did not reach the agent; true for the one call that
   * did.
   */
  async returnUndelivered(id: CommandId, claimedAt: Date, waitsUntil: Date, tx: Tx): Promise<boolean> {
    const changes = { status: 'PENDING', startedAt: null, isJournaled: null, expiresAt: waitsUntil } as const;
    const condition = `id = :id AND status = 'RUNNING' AND started_at = :claimedAt`;
    return (await tx.update(CommandEntity, changes, condition, { id, claimedAt: claimedAt.getTime() })) > 0;
  }

  /**
   * Moves the expiry of open commands that a clock ahead of its time dated to the same span from `now`: a due time further
   * away than its own interval would never come.
   */
  async bringBackExpiry(now: Date, tx: Tx): Promise<void> {
    const since = 'COALESCE(started_at, created_at)';
    const changes = { expiresAt: () => `:now + (expires_at - ${since})` };
    const condition = `status IN (:...open) AND ${since} > :now AND expires_at >= ${since}`;
    await tx.update(CommandEntity, changes, condition, { open: [...OPEN_STATUSES], now: now.getTime() });
  }

  /** Moves the command from one of `from` to its end and erases its secrets; true for the one call that did. */
  async end(id: CommandId, from: readonly CommandStatus[], ending: Ending, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND status IN (:...from)';
    const changes = { ...ending, sealedPayload: null };
    return (await tx.update(CommandEntity, changes, condition, { id, from: [...from] })) > 0;
  }

  /** {@link end} of a running command by its agent, unless that has been disabled or revoked. */
  async endByAgent(id: CommandId, ending: Ending, tx: Tx): Promise<boolean> {
    const condition = `id = :id AND status = 'RUNNING'
      AND (SELECT agents.status FROM agents WHERE agents.id = commands.agent_id) NOT IN ('DISABLED', 'REVOKED')`;
    return (await tx.update(CommandEntity, { ...ending, sealedPayload: null }, condition, { id })) > 0;
  }

  /** Pending commands of the service, oldest first. */
  async listPendingOfService(serviceId: CapsuleServiceId, tx: Tx): Promise<CommandId[]> {
    return idsOf(await this.db.query<{ id: CommandId }>(PENDING_OF_SERVICE, { serviceId }, tx));
  }

  /** At most `limit` open commands past their time, most overdue first. */
  listOverdue(now: Date, limit: number, tx: Tx): Promise<CommandEntity[]> {
    return this.#list(OVERDUE, { open: [...OPEN_STATUSES], now: now.getTime(), limit }, tx);
  }

  /** Deletes at most `limit` commands that ended before `before`, with everything that belongs to them; returns how many. */
  deleteFinished(before: Date, limit: number, tx: Tx): Promise<number> {
    return tx.delete(CommandEntity, `id IN (${FINISHED_FIRST})`, { before: before.getTime(), limit });
  }

  /** Commands of the agent that were cancelled while it was running them, since `since`; at most 100. */
  async listCancelledWhileRunning(agentId: AgentId, since: Date): Promise<{ id: CommandId; completedAt: Date }[]> {
    const parameters = { agentId, since: since.getTime() };
    const rows = await this.db.query<{ id: CommandId; at: string | number }>(CANCELLED_WHILE_RUNNING, parameters);
    return rows.map(({ id, at }) => ({ id, completedAt: new Date(Number(at)) }));
  }

  /** Whether the agent may claim a command now. */
  async hasClaimable(agentId: AgentId, now: Date): Promise<boolean> {
    return (await this.db.query(HAS_CLAIMABLE, { agentId, now: now.getTime() })).length > 0;
  }

  /** Agents that may claim a command now. */
  async listAgentsWithClaimable(now: Date): Promise<AgentId[]> {
    return idsOf(await this.db.query<{ id: AgentId }>(AGENTS_WITH_CLAIMABLE, { now: now.getTime() }));
  }

  /** Those of `ids` that have ended. */
  async listEnded(ids: readonly CommandId[]): Promise<CommandId[]> {
    if (ids.length === 0) return [];
    return idsOf(await this.db.query<{ id: CommandId }>(ENDED, { ids: [...ids] }));
  }

  async #find(rest: string, parameters: SqlParameters, tx?: Tx): Promise<CommandEntity | null> {
    const [found] = await this.#list(rest, parameters, tx);
    return found ?? null;
  }

  /** `rest` is what follows `FROM commands command`: a constant, never assembled from values. */
  async #list(rest: string, parameters: SqlParameters, tx?: Tx): Promise<CommandEntity[]> {
    return (await this.db.query<Row>(this.#select(rest), parameters, tx)).map((row) => this.#read(row));
  }

  async #listWithNames(rest: string, parameters: SqlParameters, tx?: Tx): Promise<CommandEntity[]> {
    const rows = await this.db.query<RowWithNames>(this.#selectWithNames(rest), parameters, tx);
    return rows.map((row) => {
      const action = row.action_label === null ? null : { label: row.action_label };
      return Object.assign(this.#read(row), { agent: { name: row.agent_name }, action });
    });
  }

  #read(row: Row): CommandEntity {
    return Object.assign(this.#command.hydrate(row), { service: { code: row.service_code, name: row.service_name } });
  }
}

const idsOf = <Id>(rows: readonly { readonly id: Id }[]): Id[] => rows.map(({ id }) => id);
