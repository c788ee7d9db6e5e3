// Nothing needs this: it makes the components of the GOV.UK Design System more comfortable.
import { initAll } from "./govuk-frontend.min.js";
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
