import type { SceneFile } from "../../scene.ts";
import { useSeen } from "../scene-context.ts";
import type { Picture } from "./block-types.ts";

/** A picture that opens in full when clicked. Pictures from outside are not fetched: the page loads from itself only. */
export function Image({ picture, small = false }: { picture: Omit<Picture, "type">; small?: boolean }) {
  const { files } = useSeen();
  const { alt_text: alt, title, image_url: outside, slack_file: reference } = picture;
  const file = fileOf(files, reference);
  if (file?.picture === undefined)
    return (
      <p className="no-picture">
        {alt} {outside && <a href={outside}>Picture</a>}
      </p>
    );
  const { width, height } = file.picture;
  const img = <img src={file.url} alt={alt} width={width} height={height} />;
  if (small) return <span className="small-picture">{img}</span>;
  return (
    <figure className="block-image">
      {title && <figcaption>{title.text}</figcaption>}
      <a href={file.url} target="_blank" rel="noreferrer">
        {img}
      </a>
    </figure>
  );
}

/** Slack names a file by its id, or by an address in which the id stands. */
function fileOf(
  files: Readonly<Record<string, SceneFile>>,
  reference: Picture["slack_file"],
): SceneFile | undefined {
  const { id, url = "" } = reference ?? {};
  return id === undefined ? Object.values(files).find((file) => url.includes(`/${file.id}/`)) : files[id];
}
