// What a visitor does with a page, for both browsers. Shadow roots are looked into too.
({
  all(selector, root = document) {
    const inside = [...root.querySelectorAll("*")].filter((e) => e.shadowRoot);
    return [
      ...root.querySelectorAll(selector),
      ...inside.flatMap((e) => this.all(selector, e.shadowRoot)),
    ];
  },
  name(element) {
    const named = element.labels?.[0] ?? element;
    return named.ariaLabel ?? named.textContent.replace(/\s+/g, " ").trim();
  },
  // The last that begins so: the newest reply is the lowest.
  find(name) {
    return this.all("button, a, summary, textarea")
      .filter((e) => e.checkVisibility() && this.name(e).startsWith(name))
      .at(-1);
  },
  reach(name) {
    const found = this.find(name);
    found?.scrollIntoView({ block: "center", behavior: "instant" });
    return found ?? null;
  },
  focused() {
    const at = document.activeElement;
    return at && at !== document.body ? this.name(at) : "";
  },
  text() {
    return document.body?.innerText ?? "";
  },
  waits() {
    return Boolean(document.querySelector(".status .dots"));
  },
  // How the newest answer begins, of what is in sight: the first after the question.
  said() {
    const all = [...document.querySelectorAll(".asked, .reply")];
    const asked = all.findLastIndex((e) => e.matches(".asked"));
    const text = "[data-text] p:not(.unseen)";
    return all[asked + 1]?.querySelector(text)?.innerText.split("\n")[0] ?? "";
  },
})
