// Runs before the first paint: the theme and the height of rows that this reader chose.
(() => {
  const read = name => { try { return localStorage.getItem("vedette." + name); } catch { return null; } };
  const root = document.documentElement;
  root.dataset.theme = read("theme") === "light" ? "light" : "dark";
  root.dataset.rows = read("rows") || "normal";
})();
