/** The names MongoDB gives the codes that this store answers with. */
const codeNames: Record<number, string> = {
  2: "BadValue",
  9: "FailedToParse",
  14: "TypeMismatch",
  20: "IllegalOperation",
  26: "NamespaceNotFound",
  27: "IndexNotFound",
  28: "PathNotViable",
  40: "ConflictingUpdateOperators",
  43: "CursorNotFound",
  48: "NamespaceExists",
  52: "DollarPrefixedFieldName",
  53: "InvalidIdField",
  59: "CommandNotFound",
  66: "ImmutableField",
  67: "CannotCreateIndex",
  72: "InvalidOptions",
  73: "InvalidNamespace",
  85: "IndexOptionsConflict",
  86: "IndexKeySpecsConflict",
  168: "InvalidPipelineOperator",
  292: "QueryExceededMemoryLimitNoDiskUseAllowed",
  10334: "BSONObjectTooLarge",
  11000: "DuplicateKey",
};

/** What a command answers instead of a result: MongoDB's code, a message that names what was wrong, more fields. */
export class CommandError extends Error {
  override name = "CommandError";
  readonly code: number;
  readonly extra: Record<string, unknown>;

  constructor(code: number, message: string, extra: Record<string, unknown> = {}) {
    // It is an answer, not a fault: the stack would cost more than the insert that is refused.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.extra = extra;
  }

  get codeName(): string {
    return codeNames[this.code] ?? `Location${this.code}`;
  }
}

/** What is in memory no longer agrees with the file: the server must end, and the next one reads the file. */
export class BrokenStoreError extends Error {
  override name = "BrokenStoreError";

  constructor(cause: unknown) {
    super("the store could not be brought back into order", { cause });
  }
}

/** Throws for something MongoDB has and this store leaves out on purpose. */
export function refuse(code: number, what: string): never {
  throw new CommandError(
    code,
    `${what} (the embedded store does not support it; set MONGODB_URI to use MongoDB)`,
  );
}
