// The map of answers: points on a canvas, written as pixels, so that 50,000 are drawn at once
// without a graphics card. Zoom, move, point at one, draw around some. It knows no themes: it is
// given points with a group each, and says which were pointed at or drawn around.

const CELLS = 128; // squares on a side, in which points are looked up
const REACH = 10; // pixels from the pointer in which a point is found
const SIZE = 5, CHOSEN = 7; // pixels on a side of a point

export class PointMap {
  // points: { x, y: numbers, group: numbers }, onPoint(index or -1), onLasso(indices)
  constructor(canvas, points, { onPoint, onLasso }) {
    Object.assign(this, { canvas, points, onPoint, onLasso, near: -1, line: null, chosen: -1 });
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.context = canvas.getContext("2d");
    this.view = fitting(points);
    this.index = squares(points);
    this.listen();
    this.resize();
  }

  show(group) {
    this.chosen = group;
    this.draw();
  }

  resize() {
    this.width = this.canvas.width = Math.max(1, Math.round(this.canvas.clientWidth * this.ratio));
    this.height = this.canvas.height = Math.max(1, Math.round(this.canvas.clientHeight * this.ratio));
    this.draw();
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  get scale() {
    return Math.min(this.width, this.height) / (2 * this.view.half);
  }

  toData(px, py) {
    return [this.view.x + (px - this.width / 2) / this.scale, this.view.y - (py - this.height / 2) / this.scale];
  }

  paint() {
    const { x, y, group } = this.points;
    const image = this.context.createImageData(this.width, this.height);
    const pixels = new Uint32Array(image.data.buffer);
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const colours = new Map();
    const { width, height, scale } = this;
    const middleX = width / 2 - this.view.x * scale, middleY = height / 2 + this.view.y * scale;
    const dot = (i, colour, size) => {
      const side = Math.round(size * this.ratio / 2);
      const sx = Math.round(middleX + x[i] * scale), sy = Math.round(middleY - y[i] * scale);
      const right = Math.min(width, sx + side), bottom = Math.min(height, sy + side);
      for (let row = Math.max(0, sy - side); row < bottom; row++)
        for (let at = row * width + Math.max(0, sx - side), end = row * width + right; at < end; at++) pixels[at] = colour;
    };
    for (let i = 0; i < x.length; i++) {
      if (group[i] === this.chosen) continue;
      if (!colours.has(group[i])) colours.set(group[i], colourOf(group[i], dark));
      dot(i, colours.get(group[i]), SIZE - 1);
    }
    // those of the opened theme last, larger and in ink: seen without telling colours apart
    const ink = dark ? 0xfffafae6 : 0xff30241c;
    for (let i = 0; i < x.length; i++) if (group[i] === this.chosen) dot(i, ink, CHOSEN - 1);
    if (this.near >= 0) dot(this.near, 0xff1e26e3, CHOSEN + 5);
    this.context.putImageData(image, 0, 0);
    if (this.line) this.stroke(this.line);
  }

  stroke(line) {
    const context = this.context;
    context.beginPath();
    line.forEach(([px, py], n) => (n ? context.lineTo(px, py) : context.moveTo(px, py)));
    context.closePath();
    context.lineWidth = 2 * this.ratio;
    context.strokeStyle = "#b3261e";
    context.stroke();
  }

  listen() {
    const canvas = this.canvas;
    const place = (event) => [event.offsetX * this.ratio, event.offsetY * this.ratio];
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(event.deltaY / 400), ...place(event));
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.held = place(event);
      if (event.shiftKey) this.line = [this.held];
    });
    canvas.addEventListener("pointermove", (event) => {
      const here = place(event);
      if (this.line) this.line.push(here);
      else if (this.held) {
        this.view.x -= (here[0] - this.held[0]) / this.scale;
        this.view.y += (here[1] - this.held[1]) / this.scale;
        this.held = here;
      } else return this.point(this.nearest(...here));
      this.draw();
    });
    const end = () => {
      if (this.line && this.line.length > 2) this.onLasso(this.inside(this.line));
      this.line = this.held = null;
      this.draw();
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("pointerleave", () => this.held || this.point(-1));
    canvas.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      if (moves[event.key]) {
        this.view.x += moves[event.key][0] * this.view.half / 5;
        this.view.y += moves[event.key][1] * this.view.half / 5;
      } else if (event.key === "+" || event.key === "=") this.view.half /= 1.3;
      else if (event.key === "-") this.view.half *= 1.3;
      else return;
      event.preventDefault();
      event.stopPropagation();
      // what is in the middle is what the keyboard points at
      this.near = this.nearest(this.width / 2, this.height / 2, Infinity);
      this.onPoint(this.near);
      this.draw();
    });
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(canvas);
  }

  zoom(factor, px, py) {
    const [x, y] = this.toData(px, py);
    this.view.half = Math.min(Math.max(this.view.half * factor, 1e-4), 10);
    const [nx, ny] = this.toData(px, py);
    this.view.x += x - nx;
    this.view.y += y - ny;
    this.draw();
  }

  point(near) {
    if (near === this.near) return;
    this.near = near;
    this.onPoint(near);
    this.draw();
  }

  // The point nearest to a place on the screen, -1 where none is in reach.
  nearest(px, py, reach = REACH * this.ratio) {
    const [x, y] = this.toData(px, py);
    const far = reach / this.scale;
    let best = -1, least = far * far;
    for (const i of this.index.within(x - far, y - far, x + far, y + far)) {
      const away = (this.points.x[i] - x) ** 2 + (this.points.y[i] - y) ** 2;
      if (away < least) [best, least] = [i, away];
    }
    return best;
  }

  // The points inside a line drawn on the screen (even-odd rule).
  inside(line) {
    const corners = line.map(([px, py]) => this.toData(px, py));
    const xs = corners.map((c) => c[0]), ys = corners.map((c) => c[1]);
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    return this.index.within(...box).filter((i) => within(this.points.x[i], this.points.y[i], corners));
  }
}

function within(x, y, corners) {
  let inside = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [xi, yi] = corners[i], [xj, yj] = corners[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

// The view that holds all points, with a little room around them.
function fitting({ x, y }) {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    left = Math.min(left, x[i]); right = Math.max(right, x[i]);
    low = Math.min(low, y[i]); high = Math.max(high, y[i]);
  }
  if (!x.length) return { x: 0, y: 0, half: 1 };
  return { x: (left + right) / 2, y: (low + high) / 2, half: Math.max(right - left, high - low, 1e-3) * 0.55 };
}

// Points by square, so that those near a place are found without looking at all.
function squares(points) {
  const { x, y, half } = fitting(points);
  const cell = (value, middle) => Math.min(CELLS - 1, Math.max(0, Math.floor(((value - middle) / half / 2 + 0.5) * CELLS)));
  const lists = new Map();
  for (let i = 0; i < points.x.length; i++) {
    const key = cell(points.y[i], y) * CELLS + cell(points.x[i], x);
    if (!lists.has(key)) lists.set(key, []);
    lists.get(key).push(i);
  }
  return {
    within(left, low, right, high) {
      const found = [];
      for (let row = cell(low, y); row <= cell(high, y); row++)
        for (let column = cell(left, x); column <= cell(right, x); column++)
          found.push(...(lists.get(row * CELLS + column) ?? []));
      return found;
    },
  };
}

// A colour for a group, as a pixel (ABGR); 0, no group, is grey.
function colourOf(group, dark) {
  if (!group) return dark ? 0xff5a5048 : 0xffc8c0b8;
  const hue = ((group * 137.5) % 360) / 60, light = dark ? 0.62 : 0.55, width = 0.3;
  const part = (offset) => {
    const k = (offset + hue) % 6;
    return Math.round(255 * (light + width * (Math.max(0, Math.min(1, Math.abs(k - 3) - 1)) - 0.5)));
  };
  return (255 << 24 | part(2) << 16 | part(4) << 8 | part(0)) >>> 0;
}
