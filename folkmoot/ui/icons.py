"""The icons: a small set drawn for this site on a 20 by 20 grid, inline, so that there is no icon font."""

from functools import lru_cache

from django.utils.safestring import SafeString

PATHS = {
    "search": '<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 4.3 4.3"/>',
    "arrow-right": '<path d="M4 10h12m-4.5-4.5L16 10l-4.5 4.5"/>',
    "arrow-left": '<path d="M16 10H4m4.5-4.5L4 10l4.5 4.5"/>',
    "chevron-down": '<path d="m5.5 8 4.5 4.5L14.5 8"/>',
    "check": '<path d="m4 10.5 4 4 8-9"/>',
    "close": '<path d="m5 5 10 10M15 5 5 15"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "info": '<circle cx="10" cy="10" r="7.5"/><path d="M10 9v5M10 6.2v.1"/>',
    "warning": '<path d="M10 3 18 17H2ZM10 8.5v4M10 14.7v.1"/>',
    "error": '<path d="M6.9 2.5h6.2l4.4 4.4v6.2l-4.4 4.4H6.9L2.5 13.1V6.9ZM10 6v5M10 13.7v.1"/>',
    "good": '<circle cx="10" cy="10" r="7.5"/><path d="m6.5 10.3 2.5 2.5 4.5-5.3"/>',
    "copy": (
        '<rect x="7" y="7" width="9.5" height="9.5" rx="1.5"/>'
        '<path d="M4.5 13H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v.5"/>'
    ),
    "calendar": (
        '<rect x="3" y="4.5" width="14" height="12.5" rx="1.5"/><path d="M3 8.5h14M7 2.5v4M13 2.5v4"/>'
    ),
    "people": (
        '<circle cx="7.5" cy="7" r="3"/>'
        '<path d="M2 16.5c0-3.5 2.5-5 5.5-5s5.5 1.5 5.5 5M13 4.3a3 3 0 0 1 0 5.4M15 12c2 .7 3 2.2 3 4.5"/>'
    ),
    "bell": '<path d="M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13ZM8.5 17.5a1.7 1.7 0 0 0 3 0M10 2.5V4"/>',
    "mail": '<rect x="2.5" y="4.5" width="15" height="11" rx="1.5"/><path d="m3 6 7 5.5L17 6"/>',
    "link": (
        '<path d="M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1'
        'M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1"/>'
    ),
    "external": '<path d="M11.5 3.5h5v5M16 4 9 11M14 12v4H4V6h4"/>',
    "download": '<path d="M10 3v9.5m-4-4 4 4 4-4M3.5 16.5h13"/>',
    "upload": '<path d="M10 13V3.5m-4 4 4-4 4 4M3.5 16.5h13"/>',
    "edit": '<path d="m12.5 4.5 3 3L7 16l-4 1 1-4Z"/>',
    "lock": '<rect x="4" y="9" width="12" height="8" rx="1.5"/><path d="M6.5 9V6.5a3.5 3.5 0 0 1 7 0V9"/>',
    "menu": '<path d="M3 5.5h14M3 10h14M3 14.5h14"/>',
    "more": '<path d="M5 10v.1M10 10v.1M15 10v.1"/>',
    "grip": '<path d="M7 5v.1M7 10v.1M7 15v.1M13 5v.1M13 10v.1M13 15v.1"/>',
    "thanks": ('<path d="M10 16.6 3.7 10.3a3.9 3.9 0 0 1 5.6-5.5l.7.8.7-.8a3.9 3.9 0 0 1 5.6 5.5Z"/>'),
    "agree": (
        '<path d="M3 9h3v7.5H3ZM6 9.2 9.4 3c1.3 0 2.1.9 1.9 2.2L10.8 8h4.6a1.5 1.5 0 0 1 1.5 1.8l-1.1 5.4'
        'a1.6 1.6 0 0 1-1.6 1.3H6"/>'
    ),
    "useful": '<path d="M7.5 14c0-2-2.6-2.9-2.6-5.9a5.1 5.1 0 0 1 10.2 0c0 3-2.6 3.9-2.6 5.9ZM8 17.3h4"/>',
    "hurray": '<path d="m10 2.8 2.2 4.6 5 .7-3.6 3.5.9 5-4.5-2.4-4.5 2.4.9-5L2.8 8.1l5-.7Z"/>',
    "bold": '<path d="M6 3.5h5a3.2 3.2 0 0 1 0 6.4H6Zm0 6.4h5.7a3.3 3.3 0 0 1 0 6.6H6Z"/>',
    "italic": '<path d="M8.5 3.5h5M6.5 16.5h5M11.2 3.5 8.8 16.5"/>',
    "list": '<path d="M7.5 5h9M7.5 10h9M7.5 15h9M3.5 5v.1M3.5 10v.1M3.5 15v.1"/>',
    "numbers": (
        '<path d="M8.5 5h8M8.5 10h8M8.5 15h8M3 3.5l1.3-.5v4.5'
        'M3 12.8c.6-1 2.6-.8 2.2.6-.2.8-2.2 1.7-2.2 3.1h2.4"/>'
    ),
    "quote": '<path d="M8 6.5C5.5 7 4 9 4 12.5h4V9.5H6M16 6.5c-2.5.5-4 2.5-4 6h4V9.5h-2"/>',
    "code": '<path d="m7 6-4 4 4 4M13 6l4 4-4 4M11.3 4 8.7 16"/>',
    "leaf": '<path d="M4 16C4 8 9 4 16.5 3.5 17 12 12 16.5 6 14.5M4 17c1-4 3.5-6.5 7-8"/>',
}


@lru_cache(maxsize=128)
def icon(name: str) -> SafeString:
    """The icon `name` as inline SVG, decoration beside words. An unknown name is a mistake in a template."""
    return SafeString(
        '<svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" '
        'aria-hidden="true" focusable="false">'
        f"{PATHS[name]}</svg>"
    )


MARK = SafeString(
    '<svg class="mark-sign" width="22" height="22" viewBox="0 0 22 22" fill="none" stroke="currentColor" '
    'stroke-width="2" aria-hidden="true" focusable="false"><circle cx="11" cy="5" r="2.6"/>'
    '<circle cx="4.6" cy="15.6" r="2.6"/><circle cx="17.4" cy="15.6" r="2.6"/>'
    '<path d="M9.6 7.3 6 13.2m6.4-5.9 3.6 5.9M7.4 16h7.2"/></svg>'
)
