"""Opens the pages that `manga reproduce` has written in a headless Chromium, and checks that they can be read.

usage: python pages.py FOLDER [SCREENSHOTS]

On a phone, a laptop and a projector, in light and dark: every figure is there, nothing is wider than the screen except
inside a box that scrolls, all code is in sight, no output is longer than the screen, no error on the console, no request
to a network, every link leads somewhere. On paper: black on white, without links to other pages, and nothing is cut off.
"""

import json
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

from chromium import chromium, report

SCREENS = {"phone": (390, 844), "laptop": (1366, 768), "projector": (1920, 1080)}

# Boxes that reach beyond the page, and are not within one that scrolls sideways.
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > wide) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  const scrolls = e => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX);
  for (const e of document.body.querySelectorAll('*')) {
    if (e.ownerSVGElement) continue;
    const box = e.getBoundingClientRect();
    let boxed = false;
    for (let up = e.parentElement; up; up = up.parentElement) boxed ||= scrolls(up);
    const name = `${e.tagName}.${e.className} "${(e.textContent || '').trim().slice(0, 40)}"`;
    if (!boxed && box.width && (box.right > wide + 1 || box.left < -1)) found.push(`${name} reaches to ${box.right}`);
    // What a box holds must fit into it, or scroll.
    if (!boxed && !scrolls(e) && e.clientWidth && e.scrollWidth > e.clientWidth + 1)
      found.push(`${name} holds ${e.scrollWidth} in ${e.clientWidth}`);
  }
  return found;
}"""

# Pictures that are not there: images without a size of their own, drawings that take no room, and pictures within drawings
# that cannot be decoded.
PICTURES = """async () => {
  const found = [], images = [...document.images], drawings = [...document.querySelectorAll('main svg')];
  for (const i of images) {
    await i.decode().catch(() => {});
    if (!i.naturalWidth || !i.naturalHeight || !i.getBoundingClientRect().width) found.push(`image "${i.alt}" is missing`);
  }
  for (const d of drawings) {
    const box = d.getBoundingClientRect(), label = d.getAttribute('aria-label');
    if (!box.width || !box.height || !d.querySelector('text, line, rect, polyline, path')) found.push(`figure "${label}" is empty`);
    for (const within of d.querySelectorAll('image')) {
      const i = new Image();
      i.src = within.href.baseVal;
      await i.decode().catch(() => {});
      if (!i.naturalWidth) found.push(`a picture in figure "${label}" is missing`);
    }
  }
  return { found, count: images.length + drawings.length };
}"""

# Figures that cannot be seen whole, and those that a tap does not enlarge where they are small.
FIGURES = """() => {
  const found = [], wide = document.documentElement.clientWidth;
  for (const box of document.querySelectorAll('.picture')) {
    const figure = box.querySelector('svg');
    if (!figure) { found.push('a box for a figure is empty'); continue; }
    const before = figure.getBoundingClientRect();
    if (before.width > wide || before.height > innerHeight) found.push(`a figure of ${before.width} x ${before.height} is larger than the screen`);
    if (wide < 700) {
      box.focus();
      if (figure.getBoundingClientRect().width <= before.width) found.push('a tap does not enlarge a figure');
      if (document.documentElement.scrollWidth > wide) found.push('a figure that is tapped widens the page');
      box.blur();
    }
  }
  return found;
}"""

# Code that has to be scrolled to be read, and outputs as text that are longer than the screen.
TEXT = """() => {
  const found = [], start = e => JSON.stringify(e.textContent.trim().slice(0, 40));
  for (const e of document.querySelectorAll('.highlight pre, .output_text pre'))
    if (e.scrollWidth > e.clientWidth + 1) found.push(`${start(e)} is cut off`);
  for (const e of document.querySelectorAll('.output_area pre'))
    if (e.getBoundingClientRect().height > innerHeight) found.push(`the output ${start(e)} is longer than the screen`);
  return found;
}"""

# What is wrong on paper: A4 with margins of 15 mm has this many pixels.
PAPER = (680, 1009)
PRINT = """height => {
  const found = [], style = getComputedStyle(document.body);
  if (style.color != 'rgb(0, 0, 0)' || style.backgroundColor != 'rgb(255, 255, 255)')
    found.push(`${style.color} on ${style.backgroundColor}`);
  for (const e of document.querySelectorAll('.neighbours, a.anchor-link'))
    if (e.getBoundingClientRect().height) found.push(`"${e.textContent.trim().slice(0, 40)}" is of no use`);
  for (const e of document.querySelectorAll('.picture')) {
    if (e.getBoundingClientRect().height > height) found.push('a figure is longer than a page');
    if (getComputedStyle(e).breakInside != 'avoid') found.push('a figure may be cut');
  }
  const wide = document.documentElement.clientWidth;
  for (const e of document.body.querySelectorAll('*')) {
    if (e.ownerSVGElement) continue;
    const what = `${e.tagName}.${e.className} "${(e.textContent || '').trim().slice(0, 40)}"`;
    const { overflowX, overflowY } = getComputedStyle(e), reaches = box => box.getBoundingClientRect().right > wide + 1;
    if (e.tagName != 'svg' && (overflowX != 'visible' || overflowY != 'visible')) found.push(`${what} hides something`);
    if (reaches(e) && !reaches(e.parentElement)) found.push(`${what} reaches over the edge`);
  }
  return found;
}"""

# The smallest type of text that one reads, in pixels.
TYPE = """() => Math.min(...[...document.querySelectorAll('p, li, figcaption')].map(e => parseFloat(getComputedStyle(e).fontSize)))"""
SMALLEST = {"phone": 15, "laptop": 15, "projector": 20}


def figures(notebook):
    """How many figures this notebook has made; a document beside the notebooks has made none."""
    if not notebook.exists():
        return 0
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    outputs = [o for cell in cells for o in cell.get("outputs", [])]
    return sum("image/svg+xml" in output.get("data", {}) for output in outputs)


def check_links(page, name, ids, say):
    for link in page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))"):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        file, fragment = urldefrag(link)
        file = unquote(file) or name
        if file not in ids:
            say(f"the link {link} leads nowhere")
        elif fragment and fragment not in ids[file] and unquote(fragment) not in ids[file]:
            say(f"the link {link} leads to no part of {file}")


def main(folder, screenshots=None):
    folder = Path(folder).resolve()
    files = sorted(folder.glob("*.html"))
    names = [file.name for file in files]
    if "index.html" not in names or len(names) < 2:
        sys.exit(f"{folder} holds no index.html with pages beside it")
    made = {file.name: figures(file.with_suffix(".ipynb")) for file in files if file.name != "index.html"}
    made["index.html"] = sum(made.values())
    wrong = []
    with chromium() as browser:
        page = browser.new_page()
        ids = {}
        for file in files:
            page.goto(file.as_uri())
            ids[file.name] = set(page.eval_on_selector_all("[id]", "all => all.map(e => e.id)"))
        page.close()
        for scheme in ["light", "dark"]:
            for screen, (width, height) in SCREENS.items():
                page = browser.new_page(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    is_mobile=screen == "phone",
                )
                where = ""
                say = lambda what: wrong.append(f"{where}: {what}")
                page.on("console", lambda m: say(m.text) if m.type in ("error", "warning") else None)
                page.on("pageerror", lambda error: say(str(error)))
                page.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else say(f"asks for {r.url}"))
                page.on("requestfailed", lambda r: say(f"cannot load {r.url[:80]}"))
                for file in files:
                    where = f"{file.name} on a {screen}, {scheme}"
                    page.goto(file.as_uri(), wait_until="load")
                    for what in page.evaluate(OVERFLOW) + page.evaluate(FIGURES) + page.evaluate(TEXT):
                        say(what)
                    pictures = page.evaluate(PICTURES)
                    for what in pictures["found"]:
                        say(what)
                    if pictures["count"] < made[file.name]:
                        say(f"{pictures['count']} figures, but the notebooks made {made[file.name]}")
                    if page.evaluate(TYPE) < SMALLEST[screen]:
                        say(f"type of {page.evaluate(TYPE)} pixels")
                    if (scheme, screen) == ("light", "laptop"):
                        check_links(page, file.name, ids, say)
                    if screenshots:
                        Path(screenshots).mkdir(parents=True, exist_ok=True)
                        page.screenshot(path=Path(screenshots) / f"{file.stem}-{screen}-{scheme}.png", full_page=True)
                page.close()
        page = browser.new_page(viewport=dict(zip(("width", "height"), PAPER)), color_scheme="dark")
        page.emulate_media(media="print")
        for file in files:
            page.goto(file.as_uri())
            wrong += [f"{file.name} on paper: {what}" for what in page.evaluate(PRINT, PAPER[1])]
    report(wrong, f"{len(files)} pages with {made['index.html']} figures, on {', '.join(SCREENS)} and paper: all there")


if __name__ == "__main__":
    main(*sys.argv[1:])
