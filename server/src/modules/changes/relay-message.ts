import type { Change } from '#contracts';

/** PostgreSQL refuses a payload of 8000 bytes. */
const MAX_BYTES = 7_900;
const COMMA = 1;

/** What one replica tells the others. */
export interface RelayMessage {
  /** Which replica says it. */
  readonly from: string;
  /** In the order in which they happened; none when it only says that it is there. */
  readonly changes: readonly Change[];
  /** It may have had more to say than it could. */
  readonly gap?: true;
}

/** Says that this replica is there. */
export const helloText = (from: string): string => toText({ from, changes: [] });

/** Says that the others may have missed something. */
export const gapText = (from: string): string => toText({ from, changes: [], gap: true });

/** As few messages as the changes fit into, in their order. */
export const changeTexts = (from: string, changes: readonly Change[]): readonly string[] => {
  const room = MAX_BYTES - Buffer.byteLength(helloText(from));
  const parts: Change[][] = [];
  let left = 0;
  for (const change of changes) {
    const size = Buffer.byteLength(JSON.stringify(change)) + COMMA;
    if (size > left) {
      parts.push([]);
      left = room;
    }
    parts.at(-1)?.push(change);
    left -= size;
  }
  return parts.map((part) => toText({ from, changes: part }));
};

/** What a message says; null when it is none. */
export const parseMessage = (text: string): RelayMessage | null => {
  try {
    const message = JSON.parse(text) as Partial<RelayMessage> | null;
    const isMessage = typeof message?.from === 'string' && Array.isArray(message.changes);
    return isMessage ? (message as RelayMessage) : null;
  } catch {
    // Anybody who may use the database may notify.
    return null;
  }
};

const toText = (message: RelayMessage): string => JSON.stringify(message);
