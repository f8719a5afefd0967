"""A small canvas for the pictures in docs/: SVG for light and dark pages, without a program beside Python.

Every text, box and line is remembered where it stands. A picture in which text meets other text or a line, or
leaves the paper, is an error, so a picture that grows with the code cannot become unreadable unseen. Fonts differ
from reader to reader: widths are those of DejaVu Sans, the widest of the usual ones."""

import re
import sys
from xml.sax.saxutils import escape

SIZE = 13    # of text, in pixels, as everything here
LINE = 17    # from line to line
ABOVE = .78  # of a text's size, over its baseline
BELOW = .24
CORNER = 7   # radius where a line turns

# Advance widths of the characters 32 to 126, in hundredths of the size.
WIDTHS = (32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34,
          84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99,
          69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52,
          39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84)
BOLD = 1.13
MONO = 61

STYLE = """
.picture{color:#1f2328;font-family:-apple-system,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif}
text{fill:currentColor}
.bold{font-weight:600}
.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
.line{stroke:currentColor;stroke-width:1.3;fill:none}
.head{fill:currentColor}
.thin{stroke:#8c959f;stroke-width:1;fill:none}
.thinhead{fill:#8c959f}
.dash{stroke-dasharray:5 4}
.data{stroke:#8250df;stroke-width:1.3;fill:none}
.datahead{fill:#8250df}
.do{fill:#0550ae}
.dim{fill:#59636e}
.box{stroke-width:1.3;fill-opacity:.07}
.under{stroke-width:1;stroke-opacity:.45;fill:none}
.plain{stroke:#59636e;fill:#59636e}
.wait{stroke:#bf8700;fill:#d4a72c}
.up{stroke:#1a7f37;fill:#1a7f37}
.over{stroke:#59636e;fill:#59636e;fill-opacity:.14}
.host{stroke:#0969da;fill:#0969da}
@media (prefers-color-scheme:dark){
.picture{color:#e6edf3}
.thin{stroke:#6e7681}
.thinhead{fill:#6e7681}
.data{stroke:#ab7df8}
.datahead{fill:#ab7df8}
.do{fill:#79c0ff}
.dim{fill:#9198a1}
.box{fill-opacity:.12}
.plain{stroke:#9198a1;fill:#9198a1}
.wait{stroke:#d29922;fill:#d29922}
.up{stroke:#3fb950;fill:#3fb950}
.over{stroke:#9198a1;fill:#9198a1;fill-opacity:.2}
.host{stroke:#4493f8;fill:#4493f8}
}
"""


def width(text, size=SIZE, style=""):
    if "mono" in style.split():
        return len(text) * MONO * size / 100
    octets = sum(WIDTHS[ord(c) - 32] if 32 <= ord(c) < 127 else 84 for c in text)
    return octets * size / 100 * (BOLD if "bold" in style.split() else 1)


def fill(pieces, room, size, style):
    lines = []
    for piece in pieces:
        if lines and width(lines[-1] + piece, size, style) <= room:
            lines[-1] += piece
        else:
            lines.append(piece.strip())
    return lines


def wrap(text, room, size=SIZE, style=""):
    """Lines of at most `room`: broken at spaces, but not before a number, and behind hyphens too where that makes
    them fewer or a word alone is too long."""
    words, parts = [], []
    for word in re.findall(r"\S+(?: \d+[.,;]?)*(?= |$)", text):
        pieces = word.split("-")
        pieces = [" " * (i == 0) + piece + "-" * (i + 1 < len(pieces)) for i, piece in enumerate(pieces)]
        parts += pieces
        words += [" " + word] if width(word, size, style) <= room else pieces
    whole, broken = fill(words, room, size, style), fill(parts, room, size, style)
    return broken if len(broken) < len(whole) else whole


def meet(one, other, apart=0):
    """Whether two boxes (left, top, right, bottom) come nearer to each other than `apart`."""
    return (one[0] < other[2] + apart and other[0] - apart < one[2] and
            one[1] < other[3] + apart and other[1] - apart < one[3])


def number(value):
    return f"{value:.1f}".rstrip("0").rstrip(".")


class Unreadable(SystemExit):
    """The script ends with what is wrong in its picture."""


class Picture:
    def __init__(self, name, title, description):
        self.name, self.title, self.description = name, title, description
        self.texts, self.lines, self.boxes, self.parts = [], [], [], []

    def text(self, x, y, runs, size=SIZE, anchor="start"):
        """One line with its baseline at y. `runs` is a string, or pairs of style and string that follow each
        other."""
        runs = [("", runs)] if isinstance(runs, str) else runs
        wide = sum(width(text, size, style) for style, text in runs)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
        self.texts.append((left, y - ABOVE * size, left + wide, y + BELOW * size, "".join(text for _, text in runs)))
        spans = "".join(f'<tspan class="{style}">{escape(text)}</tspan>' if style else escape(text)
                        for style, text in runs)
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        blanks = ' xml:space="preserve"' if "  " in self.texts[-1][-1] else ""
        self.parts.append(f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}"{place}{blanks}>'
                          f"{spans}</text>")

    def box(self, x, y, w, h, style, radius=8):
        self.boxes.append((x, y, x + w, y + h))
        self.parts.append(f'<rect class="box {style}" x="{number(x)}" y="{number(y)}" width="{number(w)}"'
                          f' height="{number(h)}" rx="{number(radius)}"/>')

    def dot(self, x, y):
        self.parts.append(f'<circle class="head" cx="{number(x)}" cy="{number(y)}" r="5"/>')

    def line(self, points, style="line", head="head", hops=()):
        """A line along right angles, with round corners and with an arrow head unless head is "". At each x of
        `hops` a horizontal piece leaps over a vertical line."""
        ways = [((x1 > x0) - (x1 < x0), (y1 > y0) - (y1 < y0)) for (x0, y0), (x1, y1) in zip(points, points[1:])]
        path = [f"M{number(points[0][0])} {number(points[0][1])}"]
        for i, ((x0, y0), (x1, y1), (dx, dy)) in enumerate(zip(points, points[1:], ways)):
            if not style.startswith("under"):
                self.lines.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
            for hop in sorted((h for h in hops if dx and min(x0, x1) < h < max(x0, x1)), reverse=dx < 0):
                path.append(f"H{number(hop - 5 * dx)}a5 5 0 0 {int(dx > 0)} {10 * dx} 0")
            if i + 1 < len(ways):
                ex, ey = ways[i + 1]
                path.append(f"L{number(x1 - CORNER * dx)} {number(y1 - CORNER * dy)}"
                            f"Q{number(x1)} {number(y1)} {number(x1 + CORNER * ex)} {number(y1 + CORNER * ey)}")
            else:
                path.append(f"L{number(x1)} {number(y1)}")
        self.parts.append(f'<path class="{style}" d="{"".join(path)}"/>')
        if head:
            (x, y), (dx, dy) = points[-1], ways[-1]
            corners = ((x, y), (x - 9 * dx + 4 * dy, y - 9 * dy + 4 * dx), (x - 9 * dx - 4 * dy, y - 9 * dy - 4 * dx))
            self.parts.append(f'<path class="{head}" d="M{"L".join(f"{number(x)} {number(y)}" for x, y in corners)}Z"/>')

    def faults(self, wide, high):
        for i, (x0, y0, x1, y1, text) in enumerate(self.texts):
            if x0 < 0 or y0 < 0 or x1 > wide or y1 > high:
                yield f'"{text}" leaves the paper'
            for a0, b0, a1, b1, other in self.texts[:i]:
                if meet((x0, y0, x1, y1), (a0, b0, a1, b1)):
                    yield f'"{text}" lies on "{other}"'
            for line in self.lines:
                if meet((x0, y0, x1, y1), line, 1):
                    yield f'a line crosses "{text}"'
            for box in self.boxes:
                inside = box[0] < x0 and box[1] < y0 and x1 < box[2] and y1 < box[3]
                if meet((x0, y0, x1, y1), box) and not inside:
                    yield f'"{text}" leaves its box'
        for line in self.lines:
            for box in self.boxes:
                if meet(line, box, -2):
                    yield f"a line passes through the box at {number(box[0])}, {number(box[1])}"

    def render(self, wide, high):
        found = list(self.faults(wide, high))
        if found:
            raise Unreadable(f"{self.name}.svg cannot be read: " + "; ".join(found))
        return (f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" aria-labelledby="title desc"'
                f' width="{number(wide)}" height="{number(high)}" viewBox="0 0 {number(wide)} {number(high)}">\n'
                f'<title id="title">{escape(self.title)}</title>\n<desc id="desc">{escape(self.description)}</desc>\n'
                f"<style>{STYLE}</style>\n" + "\n".join(self.parts) + "\n</svg>\n")


def write_or_check(script, files, check):
    """Write the files, or say which of them are stale. `files` maps paths to their text."""
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    if check and stale:
        sys.exit(f"{script}: stale: {', '.join(path.name for path in stale)}: run {script} and commit the result")
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(files[path])
    print(f"{script}: {len(files)} pictures are current")
