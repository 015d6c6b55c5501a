// The desk with a keyboard: what is declared in the pages by data attributes (see web/src/desk/mod.rs). Nothing here is
// needed: each key presses a button or a link that is on the page.
(() => {
  "use strict";
  const $ = (what, where = document) => where.querySelector(what);
  const $$ = (what, where = document) => [...where.querySelectorAll(what)];
  const typing = (node) => node.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const body = document.body;

  // lines: one is current
  const rows = () => $$("[data-row]").filter((row) => row.offsetParent !== null);
  const current = () => $("[data-row][aria-current=true]");
  const goTo = (row, focus = true) => {
    if (!row) return;
    current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    if (focus) ($("[data-open], a, button", row) || row).focus({ preventScroll: true });
    const view = $("[data-view]");
    if (view && row.dataset.src && view.getAttribute("src") !== row.dataset.src) view.setAttribute("src", row.dataset.src);
  };
  // as many lines at once as a screen has, where no button is called so
  const LEAP = 10;
  const move = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    goTo(at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  };
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (row && row !== current()) goTo(row, false);
  });

  // keys
  let leader = -Infinity;
  const press = (node) => {
    if (!node || node.disabled || node.getAttribute("aria-disabled") === "true") return false;
    if (node.matches("input[type=text], input[type=search], textarea, select")) node.focus();
    else node.click();
    return true;
  };
  // a button with data-line stands once for all lines: by its key it is pressed for the current one
  const aim = (node, row) => {
    if (node && row && "line" in node.dataset && node.form) {
      const { riga, poi } = node.form.elements;
      [riga.value, poi.value] = [row.dataset.pick || "", row.dataset.next || ""];
      setTimeout(() => { riga.value = poi.value = ""; }, 0);
    }
    return node;
  };
  const named = (attribute, key, where) => $$(`[${attribute}]`, where).find((node) => node.getAttribute(attribute) === key);
  document.addEventListener("keydown", (event) => {
    if (!("shortcuts" in body.dataset) || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key;
    if (typing(event.target)) {
      if (key === "Escape") event.target.blur();
      return;
    }
    if ($("dialog[open]")) return;
    const led = performance.now() - leader < 1500;
    leader = -Infinity;
    let done = true;
    const row = current();
    if (led) done = press(named("data-go", key));
    else if (key === "g") leader = performance.now();
    else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if ((key === "J" || key === "K") && row && !named("data-key", key, row)) move(key === "J" ? LEAP : -LEAP);
    else if (key === "/") $("[data-search]")?.focus();
    else if (key === "?") $("#tasti")?.showModal();
    else if (key === "x" && row) press($("input[type=checkbox]", row));
    else if (key === "o" && row && !named("data-key", "o", row)) press($("[data-open], a", row));
    else done = press((row && named("data-key", key, row)) || aim($$(`[data-key]`).find((n) => n.getAttribute("data-key") === key && !n.closest("[data-row]")), row));
    if (done) event.preventDefault();
  });
  const keys = $("[data-keys]");
  if (keys) {
    keys.hidden = false;
    keys.addEventListener("click", () => $("#tasti").showModal());
  }

  // after an act the page comes back where it was
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.matches("[data-row]")) goTo(target);
  else if ($("[data-rows]") && !$("[aria-invalid]")) goTo(rows()[0], false);
  $("[role=alert] a, [aria-invalid=true]")?.focus();

  // all boxes of a name
  $$("[data-all]").forEach((box) => box.addEventListener("change", () => {
    $$(`input[type=checkbox][name="${box.dataset.all}"]`).forEach((one) => { one.checked = box.checked; });
  }));

  // codes that are typed mark their lines, with the place that each will have
  const codes = $("[data-codes]");
  const mark = () => {
    const typed = codes.value.toLowerCase().replace(/[^a-z]/g, "").match(/../g) || [];
    $$("[data-code]").forEach((line) => {
      const place = typed.indexOf(line.dataset.code) + 1;
      if (place) line.dataset.place = place; else delete line.dataset.place;
    });
  };
  if (codes) { mark(); codes.addEventListener("input", mark); }

  // counters
  const count = (field) => {
    const place = document.getElementById(field.dataset.count);
    if (place) place.textContent = [...field.value].length;
  };
  $$("[data-count]").forEach((field) => { count(field); field.addEventListener("input", () => count(field)); });

  // text is kept in this browser while it is typed, until the form is sent
  $$("form[data-autosave]").forEach((form) => {
    const name = `sala-stampa:${form.dataset.autosave}`;
    const fields = () => $$("input[name], textarea[name], select[name]", form).filter((f) => !["hidden", "password", "file"].includes(f.type));
    const values = () => JSON.stringify(fields().map((f) => (f.type === "checkbox" || f.type === "radio" ? f.checked : f.value)));
    const before = values();
    let kept = null;
    try { kept = localStorage.getItem(name); } catch { return; }
    const offer = $("[data-kept]", form);
    if (kept && kept !== before && offer) {
      offer.hidden = false;
      $("[data-take]", offer)?.addEventListener("click", () => {
        JSON.parse(kept).forEach((value, i) => {
          const field = fields()[i];
          if (!field) return;
          if (typeof value === "boolean") field.checked = value; else field.value = value;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        });
        offer.hidden = true;
      });
      $("[data-forget]", offer)?.addEventListener("click", () => { localStorage.removeItem(name); offer.hidden = true; });
    }
    let timer = 0;
    const keep = () => { try { localStorage.setItem(name, values()); } catch { /* full: the page still has it */ } };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(keep, 800);
    });
    form.addEventListener("submit", (event) => {
      if (event.submitter?.formTarget) return;
      clearTimeout(timer);
      if (event.submitter?.hasAttribute("data-stays")) keep(); else localStorage.removeItem(name);
    });
  });

  // a preview presses its own button a moment after the last key
  $$("[data-preview]").forEach((button) => {
    let timer = 0;
    button.form?.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => button.form.requestSubmit(button), 700);
    });
    if (button.dataset.preview === "now") button.form?.requestSubmit(button);
  });

  // what runs elsewhere is looked at again, unless somebody is writing
  const every = Number($("main")?.dataset.refresh || 0);
  if (every > 0) setInterval(() => {
    if (!typing(document.activeElement) && !document.hidden) location.reload();
  }, every * 1000);

  // dragging: a line is dropped on another one of the same list; its form says the new place
  let dragged = null;
  $$("[data-drag]").forEach((row) => {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => { dragged = row; event.dataTransfer.effectAllowed = "move"; });
    row.addEventListener("dragover", (event) => { if (dragged && dragged !== row) event.preventDefault(); });
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      const form = dragged && ($("form[data-place]", dragged) || $("form[data-place]"));
      if (!form) return;
      if (form.elements.riga) form.elements.riga.value = dragged.dataset.pick || "";
      form.elements.prima.value = row.dataset.drag;
      form.requestSubmit();
    });
  });

  // the session ends
  const idle = Number(body.dataset.idle || 0);
  const ending = $("[data-ending]");
  if (idle > 0 && ending) {
    let timer = 0;
    const wait = () => {
      ending.hidden = true;
      clearTimeout(timer);
      timer = setTimeout(() => { ending.hidden = false; }, (idle - 120) * 1000);
    };
    $("form", ending).addEventListener("submit", async (event) => {
      event.preventDefault();
      const form = event.target;
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.ok) wait();
    });
    wait();
  }
})();
