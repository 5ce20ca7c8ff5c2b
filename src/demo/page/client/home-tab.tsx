import { useEffect, useState } from "react";
import { BlockList } from "./blocks/block-list.tsx";
import { userOf, useSeen } from "./scene-context.ts";
import { send } from "./send.ts";
import { SurfaceContext } from "./surface.ts";
import { useViewSurface } from "./use-view-surface.ts";

/** The app's Home tab. The app is told that it was opened, as by Slack. */
export function HomeTab() {
  const scene = useSeen();
  const { me, home } = scene;
  const [error, setError] = useState<string>();
  useEffect(() => {
    void send({ act: "home", as: me }).then((outcome) => setError(outcome.error));
  }, [me]);
  const { surface, failure } = useViewSurface(home);
  const app = userOf(scene, scene.appUser).realName;
  return (
    <section className="place" aria-labelledby="place-title">
      <div className="place-head">
        <h1 id="place-title">{app}</h1>
        <p>Home tab</p>
      </div>
      <div className="scroll">
        <div className="home">
          {(error ?? failure) && <p role="alert">The app did not react ({error ?? failure}).</p>}
          {home ? (
            <SurfaceContext value={surface}>
              <BlockList blocks={home.blocks} />
            </SurfaceContext>
          ) : (
            <div className="empty">
              <h2>Nothing here yet</h2>
              <p>{app} has not put anything on its Home tab.</p>
            </div>
          )}
        </div>
      </div>
    </section>
  );
}
