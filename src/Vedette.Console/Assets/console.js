// What only the browser can do: keys, clocks, drafts, clipboard, the state of the connection.
(() => {
  const root = document.documentElement;
  const store = (name, value) => { try { localStorage.setItem("vedette." + name, value); } catch { /* private window */ } };
  const stored = name => { try { return localStorage.getItem("vedette." + name); } catch { return null; } };
  let keys = null;
  let sequence = 0;

  // ---- keys ----
  const single = new Set("/ ? . [ j k v a r s c m x n p y d f o t Enter Space Escape".split(" "));
  const shifted = new Set(["J", "K", "T", "R", "L"]);
  const typing = element => element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(checkbox|radio|button)$/.test(element.type));

  const nameOf = event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return "Ctrl+K";
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    if (event.key === "Escape") return event.shiftKey ? "Shift+Escape" : "Escape";
    const key = event.key === " " ? "Space" : event.key;
    if (event.shiftKey && shifted.has(key)) return "Shift+" + key;
    return key;
  };

  document.addEventListener("keydown", event => {
    if (!keys || event.isComposing) return;
    const target = document.activeElement;
    if (target && target.dataset && target.dataset.list !== undefined && /^Arrow(Up|Down)$/.test(event.key)) { event.preventDefault(); return; }
    const name = nameOf(event);
    if (!name) return;
    if (typing(target)) {
      if (name === "Escape") { target.blur(); keys.invokeMethodAsync("Pressed", "Escape"); }
      else if (name === "Ctrl+K") { event.preventDefault(); keys.invokeMethodAsync("Pressed", name); }
      return;
    }
    // In a menu the arrows move, and Enter and Space press what has the focus.
    const menu = target && target.closest && target.closest("[role=menu]");
    if (menu && /^Arrow(Up|Down)$/.test(event.key)) {
      event.preventDefault();
      const items = [...menu.querySelectorAll("button:not(:disabled)")];
      items[(items.indexOf(target) + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length]?.focus();
      return;
    }
    if (/^(Enter|Space)$/.test(name) && target && /^(BUTTON|A|SUMMARY)$/.test(target.tagName)) return;
    if (sequence && Date.now() - sequence < 1500) {
      sequence = 0;
      if (/^[a-z]$/.test(name)) { event.preventDefault(); keys.invokeMethodAsync("Pressed", "g " + name); return; }
    }
    if (name === "g") { sequence = Date.now(); return; }
    if (name === "/") {
      const filter = document.querySelector("[data-filter]");
      if (filter) { event.preventDefault(); filter.focus(); filter.select(); return; }
    }
    if (single.has(name) || name.startsWith("Shift+") || name === "Ctrl+K") {
      event.preventDefault();
      keys.invokeMethodAsync("Pressed", name);
    }
  });

  // ---- a menu of a value opens beside it ----
  document.addEventListener("pointerdown", event => {
    // A press inside a menu must not move it away from under the pointer.
    if (event.target.closest?.(".menu")) return;
    root.style.setProperty("--px", event.clientX + "px");
    root.style.setProperty("--py", event.clientY + "px");
  }, true);

  // ---- times tick here, not over the circuit ----
  const two = number => String(number).padStart(2, "0");
  const age = s => s < 60 ? `${Math.max(0, Math.floor(s))} s` : s < 3600 ? `${Math.floor(s / 60)} m` : s < 172800 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86400)} d`;
  const left = s => {
    const size = Math.abs(s), sign = s < 0 ? "\u2212" : "";
    return sign + (size < 3600 ? `${Math.floor(size / 60)}:${two(Math.floor(size % 60))}` : size < 172800 ? `${Math.floor(size / 3600)} h ${two(Math.floor(size % 3600 / 60))} m` : `${Math.floor(size / 86400)} d`);
  };
  const say = (element, text) => {
    const node = element.firstChild;
    if (!node) element.textContent = text; else if (node.nodeType === 3 && node.nodeValue !== text) node.nodeValue = text;
  };
  const utc = () => { const now = new Date(); return `${two(now.getUTCHours())}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())}`; };
  setInterval(() => {
    for (const element of document.querySelectorAll("[data-clock]")) say(element, utc());
    const now = Date.now();
    for (const element of document.querySelectorAll("time[data-age]")) say(element, age((now - Date.parse(element.dateTime)) / 1000) + element.dataset.age);
    for (const element of document.querySelectorAll("time[data-left]")) say(element, left((Date.parse(element.dateTime) - now) / 1000));
  }, 1000);

  // ---- what was typed outlives a lost connection and a reload ----
  const draftOf = element => "vedette.draft:" + location.pathname + ":" + element.dataset.draft;
  document.addEventListener("input", event => {
    const element = event.target;
    if (element.dataset && element.dataset.draft) { try { sessionStorage.setItem(draftOf(element), element.value); } catch { /* full */ } }
  });
  const restore = () => {
    for (const element of document.querySelectorAll("[data-draft]")) {
      let kept = null;
      try { kept = sessionStorage.getItem(draftOf(element)); } catch { /* none */ }
      if (kept && !element.value && !element.dataset.restored) {
        element.dataset.restored = "yes";
        element.value = kept;
        element.dispatchEvent(new Event("input", { bubbles: true }));
        element.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
  };

  // ---- the connection ----
  const modal = document.getElementById("components-reconnect-modal");
  root.dataset.link = "live";
  modal?.addEventListener("components-reconnect-state-changed", event => {
    const state = event.detail.state;
    if (state === "show" || state === "retrying" || state === "paused") {
      if (root.dataset.link !== "lost") for (const element of document.querySelectorAll("[data-lost-at]")) element.textContent = utc();
      root.dataset.link = "lost";
    } else if (state === "hide") {
      root.dataset.link = "live";
    } else if (state === "failed" || state === "rejected" || state === "resume-failed") {
      // The server no longer knows the page: it answers again, or asks to sign in. Drafts stay.
      location.reload();
    }
  });

  window.vedette = {
    start(receiver) {
      keys = receiver;
      root.dataset.circuit = "on";
      restore();
      new MutationObserver(restore).observe(document.body, { childList: true, subtree: true });
    },
    copy: text => navigator.clipboard ? navigator.clipboard.writeText(text) : undefined,
    focusIn(id) {
      const element = document.getElementById(id);
      const inside = element?.matches("input,textarea,select,button") ? element : element?.querySelector("input:not([type=hidden]),textarea,select,button.on,[role=menu] button,.menu button,button:not([title^=Close])") || element?.querySelector("button");
      inside?.focus();
    },
    show: id => document.getElementById(id)?.scrollIntoView({ block: "nearest" }),
    forget(name) {
      try { sessionStorage.removeItem("vedette.draft:" + location.pathname + ":" + name); } catch { /* none */ }
    },
    toggleTheme() {
      root.dataset.theme = root.dataset.theme === "light" ? "dark" : "light";
      store("theme", root.dataset.theme);
    },
    set(name, value) { store(name, value); if (name === "rows") root.dataset.rows = value; },
    get: stored,
    leave() { location.reload(); },
    async signOut() {
      const token = (document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) || [])[1] || "";
      await fetch("/logout", { method: "POST", headers: { "X-CSRFToken": token } });
      location.assign("/login");
    },
  };
})();
