import { isListed, type ServiceAction } from '#contracts';

export interface ActionGroup {
  /** Null for actions that name none. */
  readonly category: string | null;
  readonly actions: readonly ServiceAction[];
}

/** Actions by category, in order of first appearance; those without a category last. Those of results are left out. */
export const groupActions = (actions: readonly ServiceAction[]): readonly ActionGroup[] => {
  const groups = new Map<string | null, ServiceAction[]>();
  for (const action of actions.filter(isListed)) {
    const name = action.category?.trim() ?? '';
    const category = name === '' ? null : name;
    groups.set(category, [...(groups.get(category) ?? []), action]);
  }
  return [...groups]
    .map(([category, grouped]) => ({ category, actions: grouped }))
    .sort((a, b) => Number(a.category === null) - Number(b.category === null));
};
