import type { TableBlock } from "./block-types.ts";
import { Formatted } from "./text.tsx";

/** A table whose first row is its head; where it is too wide, it scrolls in its own box. */
export function Table({ block }: { block: TableBlock }) {
  const { rows, column_settings: settings = [], caption = "Table" } = block;
  const [head = [], ...body] = rows;
  const look = (column: number) =>
    `${settings[column]?.align ?? "left"}${settings[column]?.is_wrapped ? " wrapped" : ""}`;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be within reach of the keyboard
    <section className="block-table" aria-label={caption} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place alone
              <th key={column} scope="col" className={look(column)}>
                <Content cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place alone
            <tr key={row}>
              {cells.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place alone
                <td key={column} className={look(column)}>
                  <Content cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Content({ cell }: { cell: TableBlock["rows"][number][number] }) {
  return cell.type === "rich_text" ? <Formatted blocks={[cell]} /> : cell.text;
}
