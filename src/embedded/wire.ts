import { deserialize, serialize } from "bson";
import { CommandError } from "./errors.ts";
import type { Doc } from "./values.ts";

const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;
/** Not MongoDB's: a client that sends it keeps the server alive as long as its connection is open. */
export const opHold = 0x444c4f48;

const maxMessageBytes = 48_000_000;

export interface Message {
  readonly requestId: number;
  readonly opCode: number;
  readonly body: Doc;
  /** The arrays that came outside the body, each item still in bytes. */
  readonly sections: ReadonlyMap<string, Buffer[]>;
  /** The client wants no reply. */
  readonly silent: boolean;
}

/** Collects what arrives on a connection and cuts it into messages; throws on what is no message. */
export function createFraming(): (chunk: Buffer) => Buffer[] {
  let chunks: Buffer[] = [];
  let size = 0;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      const first = chunks[0];
      if (size < 16 || first === undefined) return messages;
      if (first.length < 4) chunks = [Buffer.concat(chunks)];
      const length = chunks[0]?.readInt32LE(0) ?? 0;
      if (length < 16 || length > maxMessageBytes) throw new CommandError(17, `a message of ${length} bytes`);
      if (size < length) return messages;
      const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      messages.push(all.subarray(0, length));
      chunks = length === all.length ? [] : [all.subarray(length)];
      size -= length;
    }
  };
}

/** Reads OP_MSG, and OP_QUERY for the first `ismaster` of a driver. */
export function parseMessage(bytes: Buffer): Message {
  const requestId = bytes.readInt32LE(4);
  const opCode = bytes.readInt32LE(12);
  const sections = new Map<string, Buffer[]>();
  if (opCode === opHold) return { requestId, opCode, body: {}, sections, silent: false };
  if (opCode === opQuery) {
    const start = bytes.indexOf(0, 20) + 9;
    return { requestId, opCode, body: readBody(bytes, start), sections, silent: false };
  }
  if (opCode !== opMsg) throw new CommandError(17, `the opcode ${opCode}`);
  const flags = bytes.readUInt32LE(16);
  const end = (flags & 1) === 1 ? bytes.length - 4 : bytes.length;
  let body: Doc = {};
  for (let at = 20; at < end; ) {
    const kind = bytes[at++];
    const size = bytes.readInt32LE(at);
    if (kind === 0) {
      body = readBody(bytes, at);
    } else {
      const nameEnd = bytes.indexOf(0, at + 4);
      const items: Buffer[] = [];
      for (let item = nameEnd + 1; item < at + size; item += bytes.readInt32LE(item))
        items.push(bytes.subarray(item, item + bytes.readInt32LE(item)));
      sections.set(bytes.toString("utf8", at + 4, nameEnd), items);
    }
    at += size;
  }
  return { requestId, opCode, body, sections, silent: (flags & 2) === 2 };
}

function readBody(bytes: Buffer, start: number): Doc {
  const isInsert = bytes.toString("latin1", start + 5, start + 12) === "insert\0";
  return parseDocument(
    bytes.subarray(start, start + bytes.readInt32LE(start)),
    isInsert ? { fieldsAsRaw: { documents: true } } : {},
  );
}

/** A document as commands see it: regular expressions stay MongoDB's. */
export function parseDocument(bytes: Uint8Array, options: Parameters<typeof deserialize>[1] = {}): Doc {
  return deserialize(bytes, { bsonRegExp: true, ...options });
}

let lastRequestId = 0;

/** A reply to `message`; `reply` is a document or the bytes of one. */
export function buildReply(message: Message, reply: Doc | Buffer): Buffer[] {
  const body = Buffer.isBuffer(reply) ? reply : Buffer.from(serialize(reply));
  const head = Buffer.alloc(message.opCode === opQuery ? 36 : message.opCode === opHold ? 16 : 21);
  lastRequestId = (lastRequestId + 1) & 0x7fffffff;
  head.writeInt32LE(lastRequestId, 4);
  head.writeInt32LE(message.requestId, 8);
  head.writeInt32LE(message.opCode === opQuery ? opReply : message.opCode, 12);
  if (message.opCode === opQuery) {
    head.writeInt32LE(8, 16);
    head.writeInt32LE(1, 32);
  }
  const parts = message.opCode === opHold ? [head] : [head, body];
  head.writeInt32LE(
    parts.reduce((sum, part) => sum + part.length, 0),
    0,
  );
  return parts;
}
