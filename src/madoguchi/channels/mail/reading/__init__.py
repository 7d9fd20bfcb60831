"""Reading a mail: bytes in, a `Mail` out, whatever the bytes are (R-15). Knows no database and calls nothing.

`read` is what a bounded process does (`safely.py`); nobody else calls it on what came from outside.
"""

from madoguchi.channels.mail.reading.automatic import Automatic, Bounce
from madoguchi.channels.mail.reading.headers import Address
from madoguchi.channels.mail.reading.mail import File, Mail
from madoguchi.channels.mail.reading.read import read

__all__ = ["Address", "Automatic", "Bounce", "File", "Mail", "read"]
