"""Whether the domain in a mail's From vouches for it: SPF, DKIM, DMARC. Facts for staff to see, never an authority."""

from madoguchi.channels.mail.authenticity.judging import authenticate
from madoguchi.channels.mail.authenticity.names import Names, names_of
from madoguchi.channels.mail.authenticity.results import Authentication, Signature, read_back

__all__ = ["Authentication", "Names", "Signature", "authenticate", "names_of", "read_back"]
