interface FileType {
  readonly filetype: string;
  readonly mimetype: string;
  /** How the bytes must begin, in hexadecimal. */
  readonly magic?: string;
  /** Whether an image block may show it. */
  readonly image?: true;
}

const byEnding: Record<string, FileType> = {
  png: { filetype: "png", mimetype: "image/png", magic: "89504e470d0a1a0a", image: true },
  jpg: { filetype: "jpg", mimetype: "image/jpeg", magic: "ffd8ff", image: true },
  jpeg: { filetype: "jpg", mimetype: "image/jpeg", magic: "ffd8ff", image: true },
  gif: { filetype: "gif", mimetype: "image/gif", magic: "47494638", image: true },
  pdf: { filetype: "pdf", mimetype: "application/pdf", magic: "25504446" },
  xlsx: {
    filetype: "xlsx",
    mimetype: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    magic: "504b0304",
  },
  csv: { filetype: "csv", mimetype: "text/csv" },
  txt: { filetype: "text", mimetype: "text/plain" },
  json: { filetype: "json", mimetype: "application/json" },
  svg: { filetype: "svg", mimetype: "image/svg+xml" },
};

const unknown: FileType = { filetype: "binary", mimetype: "application/octet-stream" };

/** What a file is by its name, and only if its bytes agree. */
export function fileTypeOf(name: string, bytes: Buffer): FileType {
  const type = byEnding[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? unknown;
  const begin = bytes.subarray(0, 8).toString("hex");
  return type.magic === undefined || begin.startsWith(type.magic) ? type : unknown;
}

/** Whether the name promises an image, before any bytes are there. */
export function isImageName(name: string): boolean {
  return byEnding[name.split(".").at(-1)?.toLowerCase() ?? ""]?.image === true;
}
