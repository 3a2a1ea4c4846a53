// Part of the exported pages: lays a figure that answers to the mouse over each picture, from the JSON that stands beside the
// picture. Where this script does not run, or plotly refuses a figure, the picture is what one sees.
(() => {
  const quiet = { displayModeBar: false, showTips: false };

  /** Draws one figure over its picture, as large as the picture is shown. */
  async function draw(holder) {
    const { data, layout } = JSON.parse(holder.dataset.figure);
    const picture = holder.querySelector("img");
    const [width, height] = [layout.width ?? 760, layout.height ?? 440];
    const plot = document.createElement("div");
    plot.className = "plot";
    plot.setAttribute("aria-hidden", "true"); // the picture and its words stay for those who do not see it
    holder.append(plot);
    const fit = () => {
      plot.style.transform = `scale(${picture.clientWidth / width})`;
    };
    try {
      await globalThis.Plotly.newPlot(plot, data, { ...layout, width, height }, quiet);
      fit();
      new ResizeObserver(fit).observe(picture);
      holder.classList.add("drawn");
    } catch {
      plot.remove();
    }
  }

  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        draw(target);
      }
    },
    { rootMargin: "400px" },
  );
  for (const holder of document.querySelectorAll("[data-figure]")) seen.observe(holder);
})();
