// The page on the stage: its picture, at any size and place.
"use strict";

{
  const { byId } = beamOcr;
  const LEAST = 0.02;
  const MOST = 8;
  const NEAR_PX = 900; // on pages of this width on the screen, kinds of blocks are named
  const MARGIN_PX = 16;
  const CLICK_PX = 4; // a pointer that moved less has clicked

  let size = { width: 1, height: 1 };
  let scale = 1;
  let left = 0;
  let top = 0;
  let isFitted = true;

  const stage = () => byId("stage");

  const place = () => {
    const sheet = byId("sheet");
    sheet.style.width = `${size.width * scale}px`;
    sheet.style.height = `${size.height * scale}px`;
    sheet.style.transform = `translate(${left}px, ${top}px)`;
    byId("overlay").style.setProperty("--unit", 1 / scale);
    byId("overlay").classList.toggle("is-near", size.width * scale >= NEAR_PX);
    byId("zoom-shown").textContent = `${Math.round(scale * 100)} %`;
  };

  const fit = () => {
    const { clientWidth, clientHeight } = stage();
    scale = Math.min(
      (clientWidth - 2 * MARGIN_PX) / size.width,
      (clientHeight - 2 * MARGIN_PX) / size.height,
    );
    scale = Math.min(Math.max(scale, LEAST), MOST);
    left = (clientWidth - size.width * scale) / 2;
    top = (clientHeight - size.height * scale) / 2;
    isFitted = true;
    place();
  };

  // Keeps the point of the page that is at `x`, `y` of the stage where it is.
  const zoom = (factor, x = stage().clientWidth / 2, y = stage().clientHeight / 2) => {
    const wanted = Math.min(Math.max(scale * factor, LEAST), MOST);
    left = x - ((x - left) * wanted) / scale;
    top = y - ((y - top) * wanted) / scale;
    scale = wanted;
    isFitted = false;
    place();
  };

  const wheel = (event) => {
    event.preventDefault();
    const { left: x, top: y } = stage().getBoundingClientRect();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const by = Math.max(-1, Math.min(1, (-event.deltaY * lines) / 300));
    zoom(Math.exp(by), event.clientX - x, event.clientY - y);
  };

  const drag = (down) => {
    if (down.button !== 0) return;
    const began = { left, top };
    let isDragged = false;
    const move = (event) => {
      const by = [event.clientX - down.clientX, event.clientY - down.clientY];
      if (!isDragged && Math.hypot(...by) < CLICK_PX) return;
      if (!isDragged) stage().setPointerCapture(down.pointerId);
      isDragged = true;
      isFitted = false;
      stage().classList.add("dragged");
      [left, top] = [began.left + by[0], began.top + by[1]];
      place();
    };
    const end = () => {
      stage().removeEventListener("pointermove", move);
      stage().classList.remove("dragged");
      if (isDragged) addEventListener("click", (event) => event.stopPropagation(), { capture: true, once: true });
      setTimeout(() => (isDragged = false));
    };
    stage().addEventListener("pointermove", move);
    addEventListener("pointerup", end, { once: true });
  };

  const showPicture = async (key, index, page) => {
    const picture = byId("picture");
    const isHere = () => picture.dataset.of === `${key}/${index}`;
    picture.dataset.of = `${key}/${index}`;
    picture.removeAttribute("src");
    picture.alt = "";
    byId("sheet").classList.add("blank");
    note("");
    const image = new Image();
    image.src = beamOcr.data.picture(key, index);
    try {
      if (page.picture === false) throw new Error("no picture");
      await image.decode();
    } catch {
      const why = await beamOcr.data.whyBlank(key, index);
      if (isHere()) note(`No picture of this page: ${why}.`);
      return;
    }
    if (!isHere()) return;
    picture.src = image.src;
    picture.alt = `Page ${index + 1} as it was read`;
    byId("sheet").classList.remove("blank");
    if (!page.width_px) beamOcr.stage.resize(image.naturalWidth, image.naturalHeight);
  };

  const note = (words) => {
    byId("note").textContent = words;
    byId("note").hidden = !words;
  };

  beamOcr.stage = {
    zoom,
    fit,
    note,

    begin: () => {
      stage().addEventListener("wheel", wheel, { passive: false });
      stage().addEventListener("pointerdown", drag);
      stage().addEventListener("dragstart", (event) => event.preventDefault());
      new ResizeObserver(() => isFitted && fit()).observe(stage());
    },

    resize: (width, height) => {
      const isSame = width === size.width && height === size.height;
      size = { width, height };
      if (isFitted || !isSame) fit();
    },

    show: (key, index, page) => {
      byId("sheet").hidden = false;
      beamOcr.stage.resize(page.width_px || 1000, page.height_px || 1414);
      showPicture(key, index, page);
    },

    clear: () => {
      byId("sheet").hidden = true;
      byId("picture").dataset.of = "";
    },

    // Moves the page so that a box of it can be seen.
    reveal: ([x0, y0, x1, y1]) => {
      const { clientWidth, clientHeight } = stage();
      const [x, y] = [left + ((x0 + x1) / 2) * scale, top + ((y0 + y1) / 2) * scale];
      if (x > 0 && y > 0 && x < clientWidth && y < clientHeight) return;
      left += clientWidth / 2 - x;
      top += clientHeight / 2 - y;
      isFitted = false;
      place();
    },
  };
}
