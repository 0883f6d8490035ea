"""A code to go on with on the phone. The only module of the web that imports segno."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import segno

CORRECTION: Final = "m"  # 15 % may be soiled: it is printed, too
MARGIN: Final = 4  # modules around the code, as ISO/IEC 18004 asks


def svg(address: str) -> bytes:
    """Draw an address as SVG, black on white also where the page is dark."""
    out = BytesIO()
    code = segno.make_qr(address, error=CORRECTION)
    code.save(out, kind="svg", scale=4, border=MARGIN, light="#fff", omitsize=True, nl=False)
    return out.getvalue()
