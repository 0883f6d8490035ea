// On every page of somebody who is signed in.
import { forgetAll } from "./console-drafts.js";
import "./console-keys.js";

document.querySelector('form[action$="/sign-out"]')?.addEventListener("submit", forgetAll);
