// Keys, and what is shown under the pointer.
"use strict";

{
  const { make, byId } = beamOcr;

  // Key -> what it does; several keys of one line do the same.
  const lines = [];
  const byKey = new Map();

  const isTyping = (target) =>
    target.matches?.("input, select, textarea") || target.isContentEditable;

  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
    if (event.key === "Escape" && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    const act = byKey.get(event.key);
    if (!act || isTyping(event.target)) return;
    const isArrow = event.key.startsWith("Arrow");
    if (isArrow && event.target.closest(".list, .table, .modes")) return;
    if (act(event) !== false) event.preventDefault();
  };

  const tip = (event) => {
    const target = event.target.closest?.("[data-tip], #overlay .word");
    const box = byId("tip");
    const words = target && (target.dataset.tip ?? beamOcr.wordTip(target));
    box.hidden = !words;
    if (!words) return;
    box.textContent = words;
    const around = target.getBoundingClientRect();
    const x = Math.min(around.left, innerWidth - box.offsetWidth - 8);
    const isRoomBelow = around.bottom + box.offsetHeight + 8 < innerHeight;
    box.style.left = `${Math.max(8, x)}px`;
    box.style.top = `${isRoomBelow ? around.bottom + 6 : around.top - box.offsetHeight - 6}px`;
  };

  const help = () => {
    byId("keys").replaceChildren(
      ...lines.flatMap(({ keys, words }) => [
        make("dt", {}, keys.flatMap((key, at) => [at ? " " : "", make("kbd", {}, NAMES[key] ?? key)])),
        make("dd", {}, words),
      ]),
    );
    byId("help").showModal();
  };

  const NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };

  beamOcr.keys = {
    // What a line of the help says, and does.
    on: (keys, words, act) => {
      lines.push({ keys, words });
      for (const key of keys) byKey.set(key, act);
    },

    begin: () => {
      beamOcr.keys.on(["?"], "this help", help);
      addEventListener("keydown", press);
      addEventListener("pointerover", tip);
      byId("help-button").addEventListener("click", help);
    },
  };
}
