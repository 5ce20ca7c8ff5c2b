import { SlackError } from "./errors.ts";
import { newId, newSecret } from "./ids.ts";
import type { Change, StateValues, View } from "./types.ts";

const deepest = 3;

/** What an app gives for a view; the rest is the workspace's. */
export type ViewContent = Omit<View, "id" | "hash" | "userId" | "root_view_id" | "previous_view_id">;

/** What each person has open: a stack of modals, and a Home tab. */
export interface ViewStore {
  open(userId: string, content: ViewContent): View;
  /** Throws `push_limit_reached` beyond three, and `not_found` where nothing is open. */
  push(userId: string, content: ViewContent): View;
  publish(userId: string, content: ViewContent, hash?: string): View;
  /** Throws `not_found` and `hash_conflict`. */
  update(view: View, content: ViewContent, hash?: string): View;
  setState(view: View, state: StateValues): View;
  /** Closes the top modal, or all of them. */
  close(userId: string, all: boolean): void;
  find(id: string): View | undefined;
  byExternalId(id: string): View | undefined;
  modals(userId: string): readonly View[];
  home(userId: string): View | undefined;
}

export function createViews(changed: (change: Change) => void): ViewStore {
  const stacks = new Map<string, readonly View[]>();
  const homes = new Map<string, View>();
  const modals = (userId: string): readonly View[] => stacks.get(userId) ?? [];
  const all = (): View[] => [...[...stacks.values()].flat(), ...homes.values()];
  const byExternalId = (id: string): View | undefined =>
    id === "" ? undefined : all().find((view) => view.external_id === id);
  const setStack = (userId: string, stack: readonly View[]): void => {
    if (stack.length === 0) stacks.delete(userId);
    else stacks.set(userId, stack);
    changed({ kind: "view", id: userId });
  };
  const create = (userId: string, content: ViewContent, below: readonly View[], replaces?: View): View => {
    const sameName = byExternalId(content.external_id);
    if (sameName !== undefined && sameName.id !== replaces?.id) throw new SlackError("duplicate_external_id");
    const id = replaces?.id ?? newId("V");
    const root_view_id = replaces?.root_view_id ?? below.at(0)?.id ?? id;
    const previous_view_id = replaces?.previous_view_id ?? below.at(-1)?.id ?? null;
    return { ...content, id, userId, hash: newSecret(), root_view_id, previous_view_id };
  };
  const put = (view: View): View => {
    if (view.type === "home") {
      homes.set(view.userId, view);
      changed({ kind: "home", id: view.userId });
    } else {
      setStack(
        view.userId,
        modals(view.userId).map((other) => (other.id === view.id ? view : other)),
      );
    }
    return view;
  };
  const find = (id: string): View | undefined => all().find((view) => view.id === id);
  const update = (view: View, content: ViewContent, hash?: string): View => {
    const current = find(view.id);
    if (current === undefined) throw new SlackError("not_found");
    if (hash !== undefined && hash !== current.hash) throw new SlackError("hash_conflict");
    const state = keepEntered(content.state, current.state);
    return put(create(view.userId, { ...content, state }, [], current));
  };
  return {
    open(userId, content) {
      const view = create(userId, content, []);
      setStack(userId, [view]);
      return view;
    },
    push(userId, content) {
      const stack = modals(userId);
      if (stack.length === 0) throw new SlackError("not_found");
      if (stack.length >= deepest) throw new SlackError("push_limit_reached");
      const view = create(userId, content, stack);
      setStack(userId, [...stack, view]);
      return view;
    },
    publish(userId, content, hash) {
      const current = homes.get(userId);
      if (current !== undefined) return update(current, content, hash);
      if (hash !== undefined) throw new SlackError("hash_conflict");
      return put(create(userId, content, []));
    },
    update,
    setState: (view, state) => put({ ...(find(view.id) ?? view), state }),
    close: (userId, everything) => setStack(userId, everything ? [] : modals(userId).slice(0, -1)),
    find,
    byExternalId,
    modals,
    home: (userId) => homes.get(userId),
  };
}

/** What a person had entered stays where block and action keep their names. */
function keepEntered(fresh: StateValues, before: StateValues): StateValues {
  return Object.fromEntries(
    Object.entries(fresh).map(([blockId, actions]) => {
      const kept = Object.entries(actions).map(([id, value]) => {
        const entered = before[blockId]?.[id];
        return [id, entered?.type === value.type ? entered : value];
      });
      return [blockId, Object.fromEntries(kept)];
    }),
  );
}
