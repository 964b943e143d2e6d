import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { AuditChain } from './audit-chain.js';
import { ChainRepository } from './chain.repository.js';
import { sealText, tombstoneText } from './seal.js';

const BATCH = 200;
/** The largest sequence there can be. */
const PAST_ALL = 2_147_483_647;

/**
 * Signs anew what an older secret signed, once a newer one comes first, so that the older one can be given up. What no
 * known secret signed stays as it is: it proves nothing, and is not to.
 */
@Injectable()
export class SignatureRenewal {
  constructor(
    private readonly chain: ChainRepository,
    private readonly audit: AuditChain,
    private readonly db: Database,
  ) {}

  /** Newest first: when the oldest is signed with the first secret, all are. */
  async renew(): Promise<void> {
    const { signer } = this.audit;
    await this.db.transaction((tx) => this.#renewTombstone(tx));
    const oldest = await this.chain.oldestSignature();
    if (!oldest || signer.isCurrent(sealText(oldest.hash), oldest.signature)) return;
    let before: number | null = PAST_ALL;
    while (before !== null) {
      const from: number = before;
      before = await this.db.transaction((tx) => this.#renewBefore(from, tx));
    }
  }

  async #renewBefore(sequence: number, tx: Tx): Promise<number | null> {
    await this.chain.takeTurn(tx);
    const seals = await this.chain.signaturesBefore(sequence, BATCH, tx);
    for (const seal of seals) {
      const signature = this.#renewed(sealText(seal.hash), seal.signature);
      if (signature) await this.chain.signSeal(seal.sequence, signature, tx);
    }
    return seals.at(-1)?.sequence ?? null;
  }

  async #renewTombstone(tx: Tx): Promise<void> {
    await this.chain.takeTurn(tx);
    const tombstone = await this.chain.tombstone(tx);
    const signature = tombstone && this.#renewed(tombstoneText(tombstone), tombstone.signature);
    if (signature) await this.chain.signTombstone(signature, tx);
  }

  #renewed(text: string, signature: string): string | null {
    const { signer } = this.audit;
    return signer.verify(text, signature) && !signer.isCurrent(text, signature) ? signer.sign(text) : null;
  }
}
