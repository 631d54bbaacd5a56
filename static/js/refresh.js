// Loads the page anew while something is being made. Waits while the page is hidden, or while
// somebody is typing. Without this script there is a link that does the same.
const waiting = document.querySelector("[data-refresh-seconds]");
if (waiting) {
  const seconds = Number(waiting.dataset.refreshSeconds);
  setInterval(() => {
    const typing = document.activeElement?.matches("input, textarea, select");
    if (!document.hidden && !typing) window.location.reload();
  }, seconds * 1000);
}
