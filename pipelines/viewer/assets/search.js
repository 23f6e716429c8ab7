// Search over all pages: some hits at a time, in place of the list of documents.
"use strict";

{
  const { make, byId, counted } = beamOcr;
  const ENOUGH = 50;
  let asked = 0;
  let pages = 0;
  let found = 0;
  let searched = 0;
  const names = new Map();

  const nameOf = (key) => {
    if (!names.has(key)) names.set(key, beamOcr.data.document(key).then((one) => one.name));
    return names.get(key);
  };

  const search = async (text) => {
    asked += 1;
    names.clear();
    found = 0;
    searched = 0;
    byId("results").hidden = !text;
    byId("documents").hidden = Boolean(text);
    byId("hits").replaceChildren();
    if (text) await goOn(text, undefined);
  };

  // Shows hits until there are enough, or no more pages.
  const goOn = async (text, from) => {
    const now = asked;
    let left = ENOUGH;
    do {
      tell(true);
      const part = await beamOcr.data.search(text, from);
      if (now !== asked) return;
      searched += part.searched;
      found += part.hits.length;
      left -= part.hits.length;
      from = part.next;
      await show(text, part.hits, now);
    } while (from !== null && left > 0);
    tell(false, from !== null);
    if (from !== null) byId("hits").append(more(text, from));
  };

  const tell = (isBusy, isPart) => {
    const through = `${searched.toLocaleString("en")} of ${counted(pages, "page", "pages")}`;
    const hits = counted(found, "page found", "pages found");
    byId("result-count").textContent = isBusy || isPart ? `${hits} in ${through}` : hits;
  };

  const show = async (text, hits, now) => {
    const list = byId("hits");
    for (const hit of hits) {
      let group = list.lastElementChild;
      if (group?.dataset.key !== hit.key) {
        const name = await nameOf(hit.key);
        if (now !== asked) return;
        group = make("section", { "data-key": hit.key }, make("h3", {}, name));
        list.append(group);
      }
      const href = `#/${hit.key}/${hit.page + 1}?q=${encodeURIComponent(text)}`;
      const page = make("b", {}, `Page ${hit.page + 1}`);
      group.append(make("a", { class: "hit", href }, page, " ", beamOcr.marked(hit.text, hit.marks)));
    }
  };

  const more = (text, from) => {
    const button = make("button", { type: "button", class: "more" }, "Go on");
    button.addEventListener("click", () => {
      button.remove();
      goOn(text, from).catch(beamOcr.complain);
    });
    return button;
  };

  beamOcr.search = {
    begin: (run) => {
      pages = run.pages;
      const field = byId("search");
      let pause = 0;
      field.addEventListener("input", () => {
        clearTimeout(pause);
        pause = setTimeout(() => search(field.value.trim()).catch(beamOcr.complain), 250);
      });
      field.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
          field.value = "";
          search("");
          byId("stage").focus();
        } else if (event.key === "Enter" || event.key === "ArrowDown") {
          byId("hits").querySelector("a")?.focus();
          event.preventDefault();
        }
      });
    },
  };
}
