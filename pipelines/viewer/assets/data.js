// Where data come from: the server, or, in a folder without one, scripts that hand them over.
"use strict";

{
  const query = (fields) => {
    const kept = Object.entries(fields).filter(([, value]) => value !== "" && value !== undefined);
    return kept.length ? `?${new URLSearchParams(kept)}` : "";
  };

  const json = async (address) => {
    const response = await fetch(address);
    const value = await response.json();
    if (!response.ok) throw new Error(value.message);
    return value;
  };

  const server = {
    run: () => json("api/run"),
    documents: (wish, start, count, place) =>
      json(`api/documents${query({ ...wish, start, count, place })}`),
    document: (key) => json(`api/documents/${key}`),
    page: (key, index) => json(`api/pages/${key}/${index}`),
    search: (text, from) => json(`api/search${query({ q: text, from })}`),
    picture: (key, index) => `pictures/${key}/${index}`,
    whyBlank: async (key, index) => {
      try {
        await json(`pictures/${key}/${index}`);
      } catch (error) {
        return error.message;
      }
      return "it cannot be shown";
    },
  };

  const waiting = new Map();
  let overview = null;

  // Called by the scripts of a folder.
  beamOcr.take = (name, value) => {
    if (name === "run") {
      overview = value;
      beamOcr.data = folder;
    } else {
      waiting.get(name)?.resolve(value);
      waiting.delete(name);
    }
  };

  const load = (name) => {
    if (!waiting.has(name)) {
      const asked = {};
      asked.answer = new Promise((resolve, reject) => {
        asked.resolve = resolve;
        asked.reject = reject;
      });
      waiting.set(name, asked);
      const script = beamOcr.make("script", { src: `data/${name}.js` });
      script.addEventListener("load", () => script.remove());
      script.addEventListener("error", () => {
        script.remove();
        waiting.delete(name);
        asked.reject(new Error("the folder has no such document or page"));
      });
      document.head.append(script);
    }
    return waiting.get(name).answer;
  };

  let all = null; // a promise of every document of the list
  let chosen = { wish: "", documents: [] };

  const choose = async (wish) => {
    all ??= Promise.all(
      Array.from({ length: overview.document_pieces }, (_, number) => load(`documents-${number}`)),
    ).then((pieces) => pieces.flat());
    const every = await all;
    if (chosen.wish !== JSON.stringify(wish)) {
      const documents = every.filter((one) => fits(one, wish));
      if (wish.order === "confidence") {
        documents.sort((one, other) => (one.confidence ?? 2) - (other.confidence ?? 2));
      }
      chosen = { wish: JSON.stringify(wish), documents };
    }
    return chosen.documents;
  };

  const fits = (one, wish) =>
    (!wish.status || one.status === wish.status) &&
    (!wish.code || one.code === wish.code) &&
    (!wish.name || `${one.folder}/${one.name}`.toLowerCase().includes(wish.name.toLowerCase())) &&
    (!wish.below || (one.confidence !== null && one.confidence < Number(wish.below)));

  const BEFORE = 40;
  const SNIPPET = 160;
  const ENOUGH = 50;

  const snippet = (text, pattern) => {
    const first = text.search(new RegExp(pattern.source, "iu"));
    let start = Math.max(0, first - BEFORE);
    if (start) start += text.slice(start, first).search(/\s/) + 1;
    const shown = text.slice(start, start + SNIPPET).replace(/\s/g, " ");
    return { text: shown, marks: [...shown.matchAll(pattern)].map((m) => [m.index, m.index + m[0].length]) };
  };

  const searchPiece = async (text, from) => {
    const number = from ? Number(from) : 0;
    if (number >= overview.search_pieces) return { hits: [], searched: 0, next: null };
    const pages = await load(`search-${number}`);
    const patterns = beamOcr.patterns(text).map((one) => new RegExp(one.source, "iu"));
    const hits = pages
      .filter(([, , said]) => patterns.every((one) => one.test(said)))
      .map(([key, page, said]) => ({ key, page, ...snippet(said, beamOcr.pattern(text)) }));
    const next = number + 1 < overview.search_pieces ? String(number + 1) : null;
    return { hits, searched: pages.length, next };
  };

  const folder = {
    run: async () => overview,
    documents: async (wish, start, count, place) => {
      const documents = await choose(wish);
      const found = { total: documents.length, start, documents: documents.slice(start, start + count) };
      if (place) {
        const at = documents.findIndex((one) => one.key === place);
        found.place = at < 0 ? null : at;
      }
      return found;
    },
    document: (key) => load(`${key}/document`),
    page: (key, index) => load(`${key}/${index}`),
    search: async (text, from) => {
      let found = { hits: [], searched: 0, next: from ?? "0" };
      while (found.next !== null && found.hits.length < ENOUGH) {
        const more = await searchPiece(text, found.next);
        found = {
          hits: [...found.hits, ...more.hits],
          searched: found.searched + more.searched,
          next: more.next,
        };
      }
      return found;
    },
    picture: (key, index) => `pictures/${key}/${index}.jpg`,
    whyBlank: async () => "its picture is not in this folder",
  };

  beamOcr.data = server;
}
