"""A person's photo as it is kept: a small square WebP made anew from the pixels and nothing else."""

import io
import warnings
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from folkmoot.core.refused import Refused

MOST_FILE_BYTES = 15 * 1024 * 1024
MOST_BYTES = 20 * 1024
SIDES = (256, 192, 128)
QUALITIES = (82, 70, 55, 40)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# A JPEG is decoded at a fraction of its size, so it may be larger than what must be unfolded whole; but not a
# progressive one, all of which is kept in memory until its last scan.
MOST_PIXELS = {"JPEG": 120_000_000}
MOST_PIXELS_OTHERWISE = 25_000_000
FACES_SIT = (0.5, 0.4)


def small_square(file: IO[bytes], size: int) -> bytes:
    """The image in `file` (`size` bytes) as WebP of 20 KB at most.

    Refuses what is no image, is damaged, or would unfold to more than a photo holds.
    """
    if size > MOST_FILE_BYTES:
        raise Refused(_("The file is larger than 15 MB. Choose a smaller one."), "photo")
    with _opened(file) as image:
        if image.width * image.height > _most_pixels(image):
            raise Refused(_("The image has too many pixels. Choose a smaller one."), "photo")
        try:
            image.draft("RGB", (SIDES[0] * 2, SIDES[0] * 2))
            upright = ImageOps.exif_transpose(image)
            flat = _on_white(upright)
        except Exception as error:  # Decoders of damaged files raise whatever they stumble over.
            raise Refused(
                _("The image is damaged and cannot be read. Choose another file."), "photo"
            ) from error
    return _encoded(flat)


def _opened(file: IO[bytes]) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise Refused(_("The image has too many pixels. Choose a smaller one."), "photo") from error
    except Exception as error:  # As above: the parsers of headers are no better behaved.
        raise Refused(
            _("This is not a JPEG, PNG, WebP or GIF image. Choose another file."), "photo"
        ) from error


def _most_pixels(image: Image.Image) -> int:
    if image.info.get("progressive"):
        return MOST_PIXELS_OTHERWISE
    return MOST_PIXELS.get(image.format or "", MOST_PIXELS_OTHERWISE)


def _on_white(image: Image.Image) -> Image.Image:
    """The pixels without transparency, colour profile or anything else that came with them."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return image.convert("RGB")


def _encoded(image: Image.Image) -> bytes:
    for side in SIDES:
        square = ImageOps.fit(image, (side, side), centering=FACES_SIT)
        square.info.clear()
        for quality in QUALITIES:
            written = io.BytesIO()
            square.save(written, "WEBP", quality=quality, method=4)
            if written.tell() <= MOST_BYTES:
                return written.getvalue()
    raise Refused(_("The image could not be made small enough. Choose another one."), "photo")
