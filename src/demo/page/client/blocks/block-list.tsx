import type { SceneBlock } from "../../scene.ts";
import { LiveControl } from "../controls/live-control.tsx";
import type { Block } from "./block-types.ts";
import { Image } from "./image.tsx";
import { Input } from "./input.tsx";
import { Section } from "./section.tsx";
import { Table } from "./table.tsx";
import { Formatted, Text } from "./text.tsx";

/** Blocks as Slack shows them. */
export function BlockList({ blocks }: { blocks: readonly SceneBlock[] }) {
  return (
    <div className="blocks">
      {blocks.map((block) => (
        <OneBlock key={block.block_id} block={block as unknown as Block} />
      ))}
    </div>
  );
}

function OneBlock({ block }: { block: Block }) {
  switch (block.type) {
    case "header":
      return <h3 className="block-header">{block.text.text}</h3>;
    case "section":
      return <Section block={block} />;
    case "divider":
      return <hr />;
    case "image":
      return <Image picture={block} />;
    case "context":
      return (
        <div className="block-context">
          {block.elements.map((element, index) => {
            const key = `${index} ${element.type}`;
            return element.type === "image" ? (
              <Image key={key} picture={element} small />
            ) : (
              <Text key={key} text={element} />
            );
          })}
        </div>
      );
    case "actions":
      return (
        <div className="block-actions">
          {block.elements.map((element) => (
            <LiveControl key={element.action_id} block={block.block_id} element={element} />
          ))}
        </div>
      );
    case "input":
      return <Input block={block} />;
    case "table":
    case "data_table":
      return <Table block={block} />;
    default:
      return <Formatted blocks={[block]} />;
  }
}
