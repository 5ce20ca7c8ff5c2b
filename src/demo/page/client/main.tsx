import "@picocss/pico/css/pico.min.css";
import "slack-blocks-to-jsx/dist/style.css";
import "./style/base.css";
import "./style/layout.css";
import "./style/messages.css";
import "./style/blocks.css";
import "./style/controls.css";
import "./style/dialogs.css";
import "./style/mailbox.css";
import "./style/mail.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
