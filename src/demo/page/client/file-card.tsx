import type { SceneFile } from "../scene.ts";
import { useSeen } from "./scene-context.ts";
import { sizeOf } from "./words.ts";

/** A file that somebody shared. */
export function SharedFile({ id }: { id: string }) {
  const file = useSeen().files[id];
  return file ? <FileCard file={file} /> : <p className="file">This file was deleted.</p>;
}

/** A file, to be saved; of a picture, what it shows. */
export function FileCard({ file }: { file: SceneFile }) {
  const { title, name, kind, bytes, url, picture, altText } = file;
  return (
    <div className="file">
      <div className="card">
        <span className="kind" aria-hidden="true">
          {kind}
        </span>
        <span className="about">
          <strong>{title}</strong>
          <small>
            {kind} · {sizeOf(bytes)}
          </small>
        </span>
        <a className="press plain" href={url} download={name} aria-label={`Download ${name}`}>
          Download
        </a>
      </div>
      {picture && (
        <a href={url} target="_blank" rel="noreferrer">
          <img src={url} alt={altText || title} width={picture.width} height={picture.height} />
        </a>
      )}
    </div>
  );
}
