import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readCommandConfigOrExit } from '../config/read-config.js';
import { type ExportVerification, verifyExport } from '../modules/audit/export/verify-export.js';
import { UserError, print } from './terminal.js';

const report = (file: string, { complete, checkedEvents, checkedSegments, root }: ExportVerification): void => {
  print(`${file} is unchanged: ${checkedEvents} events in ${checkedSegments} segments match their seals.`);
  if (root !== null) print(`Root of the chain: ${root}`);
  if (!complete) print('The export was filtered: it proves the events it contains, not that there were no others.');
};

const verify = async (name: string): Promise<void> => {
  const file = resolve(name);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw new UserError(`There is no file ${file}.`);
  const { sessionSecrets } = readCommandConfigOrExit();
  const found = await verifyExport(createReadStream(file), sessionSecrets);
  if (found.firstBad) throw new UserError(`${file} does not match its seals. ${found.firstBad.message}`);
  report(file, found);
};

/** `opstage audit`: verifies an export of the audit, without a running server. */
export const auditCommand = (): Command =>
  new Command('audit')
    .description('verify exports of the audit log')
    .addCommand(
      new Command('verify')
        .description('verify an export in JSON Lines; reports the first changed event and exits with code 1')
        .argument('<file>', 'an export with format=jsonl')
        .action(verify),
    );
