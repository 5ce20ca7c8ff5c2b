/** Slack takes no larger ones in a file input, whatever else may be uploaded. */
export const mostInputBytes = 10_000_000;
const mostFiles = 10;

/** What a `file_input` says of the files it takes, in Slack's field names. */
export interface FileInputRules {
  readonly filetypes?: readonly string[];
  readonly max_files?: number;
}

/** How many files an input takes. */
export const mostFilesOf = ({ max_files = mostFiles }: FileInputRules): number => max_files;

/** What Slack's client has against these files in that input, in words for a person; undefined for right ones. */
export function fileProblem(
  rules: FileInputRules,
  files: readonly { readonly name: string; readonly size: number }[],
): string | undefined {
  const { filetypes } = rules;
  const most = mostFilesOf(rules);
  if (files.length > most) return most === 1 ? "Choose one file only." : `Choose no more than ${most} files.`;
  const wrong = files.find(({ name }) => !isOfType(name, filetypes));
  if (wrong) return `${wrong.name} cannot be taken here. These can: ${filetypes?.join(", ")}.`;
  const large = files.find(({ size }) => size > mostInputBytes);
  if (large) return `${large.name} is too large. A file can have at most ${mostInputBytes / 1_000_000} MB.`;
  return undefined;
}

function isOfType(name: string, filetypes: readonly string[] | undefined): boolean {
  const lower = name.toLowerCase();
  return filetypes === undefined || filetypes.some((type) => lower.endsWith(`.${type.toLowerCase()}`));
}
