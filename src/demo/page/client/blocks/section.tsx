import { LiveControl } from "../controls/live-control.tsx";
import type { Block } from "./block-types.ts";
import { Image } from "./image.tsx";
import { Text } from "./text.tsx";

/** Text, facts in two columns, and beside them a picture or something to click. */
export function Section({ block }: { block: Block & { type: "section" } }) {
  const { text, fields, accessory, block_id } = block;
  return (
    <div className="block-section">
      <div className="words">
        {text && <Text text={text} />}
        {fields && (
          <div className="fields">
            {fields.map((field, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a field is known by its place alone
              <Text key={index} text={field} />
            ))}
          </div>
        )}
      </div>
      {accessory &&
        ("alt_text" in accessory ? (
          <Image picture={accessory} small />
        ) : (
          <LiveControl block={block_id} element={accessory} {...(text && { label: text.text })} />
        ))}
    </div>
  );
}
