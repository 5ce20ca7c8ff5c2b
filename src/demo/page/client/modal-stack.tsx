import { useState } from "react";
import type { Block } from "./blocks/block-types.ts";
import { faultsIn } from "./faults.ts";
import { Modal } from "./modal.tsx";
import { useSeen } from "./scene-context.ts";
import { send } from "./send.ts";
import { useViewSurface } from "./use-view-surface.ts";

/** The modals that the app has opened: the one in front, with what is entered in those behind it kept. */
export function ModalStack({ channel }: { channel: string | undefined }) {
  const { me, modals } = useSeen();
  const view = modals.at(-1);
  const [wrong, setWrong] = useState<{ id: string; errors: Readonly<Record<string, string>> }>();
  const [failure, setFailure] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const errors = wrong?.id === view?.id ? wrong?.errors : undefined;
  const { surface, failure: clickFailure } = useViewSurface(view, errors, channel);
  if (view === undefined) return null;
  const answers = surface.entered?.answers ?? {};
  async function submit(form: HTMLFormElement, id: string): Promise<void> {
    const blocks = (view?.blocks ?? []) as unknown as readonly Block[];
    const faults = faultsIn(form, id, blocks, answers);
    setFailure(undefined);
    setWrong({ id, errors: faults });
    if (Object.keys(faults).length > 0) return;
    setBusy(true);
    const outcome = await send({ act: "submit", as: me, answers });
    setBusy(false);
    setWrong({ id, errors: outcome.errors ?? {} });
    setFailure(outcome.error);
  }
  return (
    <Modal
      key={modals[0]?.id}
      view={view}
      surface={surface}
      depth={modals.length}
      isBusy={isBusy}
      failure={failure ?? clickFailure}
      onSubmit={(form) => void submit(form, view.id)}
      onClose={() => {
        setFailure(undefined);
        void send({ act: "close", as: me });
      }}
    />
  );
}
