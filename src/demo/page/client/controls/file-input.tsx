import { useEffect, useRef, useState } from "react";
import { fileProblem, mostFilesOf } from "../../../workspace/file-input.ts";
import { useSeen } from "../scene-context.ts";
import { listOf } from "./choices.ts";
import { ChosenFiles } from "./chosen-files.tsx";
import { aria, type FieldProps, Label } from "./field.tsx";
import { useUpload } from "./use-upload.ts";

/** Files of the person's own: uploaded when they are chosen, more at a time or one after the other. */
export function FileInput(props: FieldProps) {
  const { id, element, choice, isOptional, isWrong, notes, onChoose } = props;
  const { files } = useSeen();
  const { progress, start } = useUpload();
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const isMany = mostFilesOf(element) > 1;
  const chosen = listOf(choice);
  const shown = `${id}-chosen`;
  const wrong = `${id}-problem`;
  // As in Slack, nothing is submitted while a file is on its way.
  useEffect(
    () => input.current?.setCustomValidity(progress && "Please wait until the files are uploaded."),
    [progress],
  );
  async function take(picked: readonly File[]): Promise<void> {
    const kept = isMany ? chosen : [];
    const held = kept.flatMap((each) => files[each] ?? []).map(({ name, bytes: size }) => ({ name, size }));
    const against = fileProblem(element, [...held, ...picked]);
    setProblem(against);
    if (picked.length === 0 || against !== undefined) return;
    const { ids, error } = await start(picked);
    setProblem(error);
    if (ids.length > 0) onChoose([...kept, ...ids]);
  }
  return (
    <div className="files">
      <Label {...props} />
      {/* The browser's own words would say that no file is chosen, as the input is emptied after every choice. */}
      <label className="press plain pick">
        {isMany ? "Choose files" : "Choose a file"}
        <input
          ref={input}
          id={id}
          type="file"
          className="hidden"
          multiple={isMany}
          accept={element.filetypes?.map((type) => `.${type}`).join(",")}
          required={isOptional === false && chosen.length === 0}
          {...aria({ ...props, isWrong: isWrong || problem !== undefined, isBusy: progress !== "" })}
          aria-describedby={[notes, problem && wrong, chosen.length > 0 && shown].filter(Boolean).join(" ")}
          onChange={({ target }) => {
            const picked = [...(target.files ?? [])];
            target.value = "";
            void take(picked);
          }}
        />
      </label>
      <span className="progress" role="status">
        {progress}
      </span>
      {problem && (
        <p className="error" id={wrong} role="alert">
          {problem}
        </p>
      )}
      <ChosenFiles
        id={shown}
        chosen={chosen}
        isFixed={progress !== ""}
        onRemove={(removed) => {
          onChoose(chosen.filter((each) => each !== removed));
          setProblem(undefined);
          input.current?.focus();
        }}
      />
    </div>
  );
}
