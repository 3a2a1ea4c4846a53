/*
 * Plotly paints a heatmap into a bitmap, which most viewers blur when they enlarge it. This stand-in for the canvas notes
 * the painted rectangles instead, and the drawing then holds them as shapes: crisp at any size, and equal bytes everywhere.
 */

interface PaintedCanvas extends HTMLCanvasElement {
  rectangles?: string[];
}

const mark = "data:application/x-rectangles;base64,";

function rectangle(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;
}

/** In place of `canvas.getContext("2d")`: the few methods that plotly's heatmap uses. */
export function canvasContext(this: PaintedCanvas) {
  const rectangles: string[] = [];
  this.rectangles = rectangles;
  return {
    fillStyle: "",
    fillRect(x: number, y: number, width: number, height: number) {
      const transparent = /,\s*0\)$/.test(this.fillStyle); // a missing value
      if (!transparent) rectangles.push(rectangle(x, y, width, height, this.fillStyle));
    },
    createImageData: (width: number, height: number) => ({
      width,
      height,
      data: new Uint8ClampedArray(width * height * 4) as Uint8ClampedArray, // [row, column, red green blue alpha]
    }),
    putImageData({ width, data }: { width: number; data: Uint8ClampedArray }) {
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 0) continue;
        const pixel = at / 4;
        const fill = `rgb(${data[at]},${data[at + 1]},${data[at + 2]})`;
        rectangles.push(rectangle(pixel % width, Math.floor(pixel / width), 1, 1, fill));
      }
    },
  };
}

/** In place of `canvas.toDataURL()`: the noted rectangles, for {@link unpackPictures}. */
export function pictureOfCanvas(this: PaintedCanvas): string {
  const size = `viewBox="0 0 ${this.width} ${this.height}" preserveAspectRatio="none" shape-rendering="crispEdges"`;
  return mark + Buffer.from(`${size}>${(this.rectangles ?? []).join("")}</svg>`).toString("base64");
}

/** Replaces each packed picture in a finished drawing by its rectangles. */
export function unpackPictures(svg: string): string {
  return svg.replace(/<image\b([^>]*)\/>/g, (image, attributes: string) => {
    const start = attributes.indexOf(mark);
    if (start < 0) return image;
    const packed = attributes.slice(start + mark.length, attributes.indexOf('"', start));
    const place = ["x", "y", "width", "height"]
      .map((name) => ` ${name}="${new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? 0}"`)
      .join("");
    return `<svg${place} ${Buffer.from(packed, "base64").toString("utf8")}`;
  });
}
