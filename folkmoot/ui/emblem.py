"""A community's emblem, drawn from its slug: always the same, and not like its neighbours'.

Colours and figures go with the moss of the site. Everything is a presentation attribute, as the content
security policy allows no inline style.
"""

from functools import lru_cache
from hashlib import blake2s

from django.utils.safestring import SafeString

# Ground, figure, accent. Each pair is far enough apart to be read at 24 pixels and without colour vision.
PALETTES = (
    ("#1d5b3d", "#cfe0a0", "#8fbf8a"),
    ("#cfe0c3", "#1d5b3d", "#5c8f60"),
    ("#16504f", "#c4e6dc", "#74b5a6"),
    ("#d2e6df", "#155150", "#4e9486"),
    ("#3c4423", "#e6e9bd", "#a9b268"),
    ("#e4e8bf", "#454f24", "#87914a"),
    ("#8a3d22", "#f6d9c4", "#e0a07a"),
    ("#f3dccb", "#8f4224", "#c47a50"),
    ("#6b4d0e", "#f7e3a6", "#d5b258"),
    ("#f4e4b4", "#6f5212", "#b18a2e"),
    ("#2f4858", "#cfe2ea", "#86acbd"),
    ("#d5e3e8", "#2f4d5e", "#6b92a6"),
    ("#553048", "#ecd3e3", "#bd8fae"),
)

# Figures for one quarter, 20 by 20. A stands for the accent's colour.
QUARTERS = (
    '<path d="M0 20A20 20 0 0 1 20 0V20Z"/>',
    '<path d="M0 0A20 20 0 0 1 20 20H0Z"/>',
    '<path d="M20 20A20 20 0 0 1 0 0H20Z"/>',
    '<path d="M20 0A20 20 0 0 1 0 20V0Z"/>',
    '<circle cx="10" cy="10" r="6.5"/>',
    '<circle cx="10" cy="10" r="10"/>',
    '<path d="M0 20A20 20 0 0 1 20 0A20 20 0 0 1 0 20"/>',
    '<path d="M0 0A20 20 0 0 0 20 20A20 20 0 0 0 0 0"/>',
    '<path d="M0 10A10 10 0 0 1 20 10Z"/>',
    '<path d="M0 20L20 0V20Z"/>',
)

# Figures for the whole, 40 by 40.
WHOLES = (
    # A sun over hills.
    '<circle cx="27" cy="13" r="6.5" fill="A"/><path d="M0 30Q10 17 21 26T40 22V40H0Z"/>',
    # Two leaves on a stem.
    '<path d="M19 38V22h2v16Z"/><path d="M20 25C6 25 6 12 6 9c11 0 14 7 14 16"/>'
    '<path d="M20 21c0-9 3-15 14-16 0 4-1 16-14 16" fill="A"/>',
    # Rings that spread from a corner.
    '<path d="M0 40V8A32 32 0 0 1 32 40Z" fill="A"/><path d="M0 40V19A21 21 0 0 1 21 40Z" class="g"/>'
    '<path d="M0 40V29A11 11 0 0 1 11 40Z"/>',
    # Three who meet.
    '<circle cx="20" cy="12" r="6.5"/><circle cx="11.5" cy="27" r="6.5" fill="A"/>'
    '<circle cx="28.5" cy="27" r="6.5"/>',
    # Arches.
    '<path d="M5 36V20a15 15 0 0 1 30 0V36H27V20a7 7 0 0 0-14 0V36Z"/>'
    '<circle cx="20" cy="21" r="4.5" fill="A"/>',
    # Two that overlap.
    '<circle cx="15" cy="20" r="11"/><circle cx="25" cy="20" r="11" fill="A" opacity=".85"/>',
    # Waves.
    '<path d="M0 16q5-7 10 0t10 0 10 0 10 0v7q-5 7-10 0t-10 0-10 0-10 0Z"/>'
    '<path d="M0 31q5-7 10 0t10 0 10 0 10 0v9H0Z" fill="A"/>',
    # Four petals.
    '<path d="M20 20C8 20 6 14 6 6c8 0 14 2 14 14C20 8 26 6 34 6c0 8-2 14-14 14"/>'
    '<path d="M20 20c12 0 14 6 14 14-8 0-14-2-14-14 0 12-6 14-14 14 0-8 2-14 14-14" fill="A"/>',
    # Steps.
    '<path d="M6 34V25h9v9Z" fill="A"/><path d="M15.5 34V16h9v18Z"/><path d="M25 34V7h9v27Z" fill="A"/>',
    # A fold of paper.
    '<path d="M7 33V7h26Z"/><path d="M33 7v26H7Z" fill="A"/>',
)
CORNERS = ((0, 0), (20, 0), (0, 20), (20, 20))
SIZES = {"": "", "small": " emblem-small", "large": " emblem-large"}


@lru_cache(maxsize=4096)
def emblem(slug: str, size: str = "") -> SafeString:
    """The emblem of `slug` as inline SVG, decoration beside a name; `size` is "", "small" or "large"."""
    ground, figure, accent = PALETTES[_die(slug, 0) % len(PALETTES)]
    if _die(slug, 12) % 2:
        figure, accent = accent, figure
    drawn = _drawing(slug).replace('"A"', f'"{accent}"').replace('class="g"', f'fill="{ground}"')
    return SafeString(
        f'<svg class="emblem{SIZES.get(size, "")}" viewBox="0 0 40 40" aria-hidden="true" focusable="false">'
        f'<rect width="40" height="40" fill="{ground}"/><g fill="{figure}">{drawn}</g></svg>'
    )


def _drawing(slug: str) -> str:
    """A third are one figure over the whole, turned or not; the others a figure in three or four quarters."""
    kind = _die(slug, 1)
    if kind % 3 == 0:
        whole = WHOLES[(kind // 3) % len(WHOLES)]
        return f'<g transform="matrix(-1 0 0 1 40 0)">{whole}</g>' if _die(slug, 2) % 2 else whole
    empty = _die(slug, 2) % 8
    parts = []
    for place, (x, y) in enumerate(CORNERS):
        if place == empty:
            continue
        chosen = QUARTERS[_die(slug, 3 + place) % len(QUARTERS)]
        fill = ' fill="A"' if _die(slug, 7 + place) % 3 == 0 else ""
        parts.append(f'<g transform="translate({x} {y})"{fill}>{chosen}</g>')
    return "".join(parts)


def _die(slug: str, throw: int) -> int:
    """0 to 255, the same for the same slug and throw, whatever the process."""
    return blake2s(slug.encode(), digest_size=16).digest()[throw]
