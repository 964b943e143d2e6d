import type { Command, CommandDetail, Instant } from '#contracts';

export interface TimelineStep {
  readonly name: 'created' | 'taken' | 'ended' | 'answered';
  /** Null when it has not happened. */
  readonly at: Instant | null;
  /** Duration since the previous step; until now while waiting. */
  readonly durationMs: number | null;
  /** Whether this step is being waited for. */
  readonly isAwaited: boolean;
}

const between = (from: Instant, to: Instant | null, nowMs: number): number =>
  Math.max(0, (to === null ? nowMs : Date.parse(to)) - Date.parse(from));

/** The answer that came after the command had ended. */
const lateAnswer = ({ completedAt, result }: CommandDetail): readonly TimelineStep[] =>
  result?.late && completedAt !== null
    ? [
        {
          name: 'answered',
          at: result.reportedAt,
          durationMs: between(completedAt, result.reportedAt, 0),
          isAwaited: false,
        },
      ]
    : [];

/** The steps of a command with their durations, without skipped steps. */
export const timelineOf = (command: CommandDetail, nowMs: number): readonly TimelineStep[] => [
  ...untilEnd(command, nowMs),
  ...lateAnswer(command),
];

const untilEnd = (command: Command, nowMs: number): readonly TimelineStep[] => {
  const { createdAt, startedAt, completedAt, durationMs } = command;
  const created: TimelineStep = { name: 'created', at: createdAt, durationMs: null, isAwaited: false };
  if (startedAt === null && completedAt !== null) {
    const waited = between(createdAt, completedAt, nowMs);
    return [created, { name: 'ended', at: completedAt, durationMs: waited, isAwaited: false }];
  }
  const waited = between(createdAt, startedAt, nowMs);
  const taken: TimelineStep = { name: 'taken', at: startedAt, durationMs: waited, isAwaited: startedAt === null };
  if (startedAt === null) return [created, taken, { name: 'ended', at: null, durationMs: null, isAwaited: false }];
  const worked = durationMs ?? between(startedAt, completedAt, nowMs);
  return [created, taken, { name: 'ended', at: completedAt, durationMs: worked, isAwaited: completedAt === null }];
};
