// On every page of somebody who is signed in.
import { forgetOwn, keepDrafts } from "./console-drafts.js";
import "./console-keys.js";

keepDrafts();
document.querySelector('form[action$="/sign-out"]')?.addEventListener("submit", forgetOwn);
