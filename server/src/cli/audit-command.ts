import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readConfigOrExit } from '../config/read-config.js';
import { type ExportVerification, verifyExport } from '../modules/audit/export/verify-export.js';
import { UserError, print } from './terminal.js';

const report = (file: string, { complete, checkedEvents, checkedSegments, root }: ExportVerification): void => {
  print(`${file} is what the server sealed: ${checkedEvents} events in ${checkedSegments} segments.`);
  if (root !== null) print(`Root of the chain: ${root}`);
  if (!complete) print('It was made with a filter: it proves the events it has, not that there were no others.');
};

const verify = async (name: string): Promise<void> => {
  const file = resolve(name);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw new UserError(`There is no file ${file}.`);
  const { sessionSecrets } = readConfigOrExit();
  const found = await verifyExport(createReadStream(file), sessionSecrets);
  if (found.firstBad) throw new UserError(`${file} is not what the server sealed. ${found.firstBad.message}`);
  report(file, found);
};

/** `opstage audit`: whether an export of the audit is what the server sealed, without the server. */
export const auditCommand = (): Command =>
  new Command('audit')
    .description('verify exports of the audit')
    .addCommand(
      new Command('verify')
        .description('verify an export in JSON Lines and name the first event that is not as it was; exit code 1 then')
        .argument('<file>', 'an export with format=jsonl')
        .action(verify),
    );
