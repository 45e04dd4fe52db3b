/** The stand-in's own way out: the key that many police websites use. */
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") window.location.replace(document.body.dataset.exit);
});
