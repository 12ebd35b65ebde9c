"""The code that is shown in the room, by which those who are there check in."""

from io import BytesIO

import qrcode
from django.utils.crypto import constant_time_compare, salted_hmac
from qrcode.image.svg import SvgPathImage

from folkmoot.events.models import Event


def code_of(event: Event) -> str:
    """What the address in the room carries; nobody who is not there knows it."""
    return salted_hmac("folkmoot.events.check_in", str(event.pk), algorithm="sha256").hexdigest()[:20]


def is_code_of(event: Event, code: str) -> bool:
    """Whether that is its code."""
    return constant_time_compare(code_of(event), code)


def as_svg(address: str) -> bytes:
    """The address as a picture that telephones read; dark on white, and as large as what it is shown in."""
    code = qrcode.QRCode(border=3, image_factory=SvgPathImage)
    code.add_data(address)
    picture = BytesIO()
    image = code.make_image()
    image.get_image().attrib.update(width="100%", height="100%")
    image.save(picture)
    return picture.getvalue()
