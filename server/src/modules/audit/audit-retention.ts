import { Injectable } from '@nestjs/common';
import type { AuditFault } from '#contracts';
import { Clock, toInstant } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { AuditChain } from './chain/audit-chain.js';
import { ChainReader } from './chain/chain-reader.js';
import { ChainVerifier } from './chain/chain-verifier.js';
import { ChainRepository } from './chain/chain.repository.js';
import { makeTombstone } from './chain/seal.js';

/** Removes what is older than it has to be, whole segments from the beginning of the chain. */
@Injectable()
export class AuditRetention {
  constructor(
    private readonly audit: AuditChain,
    private readonly chain: ChainRepository,
    private readonly reader: ChainReader,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Removes segments whose every event is older than `days`, one bounded batch a call, and leaves a signed tombstone;
   * returns how many events they had. Call again while it is not 0.
   * @throws Error when what is to be removed is not what was sealed: it may be the evidence of what happened
   */
  async prune(days: number): Promise<number> {
    await this.audit.sealNew();
    const before = toInstant(this.clock.secondsFromNow(-days * 86_400));
    return this.db.transaction((tx) => this.#bury(before, tx));
  }

  async #bury(before: string, tx: Tx): Promise<number> {
    await this.chain.takeTurn(tx);
    const tombstone = await this.chain.tombstone(tx);
    const segments = await this.reader.slice(tombstone?.throughSequence ?? 0, {}, tx);
    const young = segments.findIndex(({ seal }) => seal.newestEventAt >= before);
    const old = young === -1 ? segments : segments.slice(0, young);
    if (old.length === 0) return 0;
    const verifier = new ChainVerifier(this.audit.signer);
    for (const part of [...(tombstone ? [{ tombstone }] : []), ...old]) refuse(verifier.accept(part));
    await this.chain.bury(makeTombstone(verifier.end, toInstant(this.clock.now()), this.audit.signer), tx);
    return verifier.checkedEvents;
  }
}

const refuse = (fault: AuditFault | null): void => {
  if (fault) throw new Error(`Retention removes nothing while the audit is not what was sealed: ${fault.message}`);
};
