"""The web kit: who may, forms, pages, errors, and what every answer carries.

A handler loads through the viewer, reads a form, calls a verb, and renders plain values or redirects;
everything else that a request needs happens here, once.
"""

from echange.http.access import Access, admin, anyone, concierge, member, moderator, signed_in, staff
from echange.http.attempting import attempt
from echange.http.flash import redirect
from echange.http.forms import Bound, Form, Id, Line, Text, Way, blank, read_form, read_json, read_query
from echange.http.json import Out, answer
from echange.http.pagination import Page, PageQuery, cut
from echange.http.rates import Rate
from echange.http.redirects import local_path
from echange.http.refusals import Invalid, NotAllowed, NotFound, Refusal, SignedOut
from echange.http.render import refused_form, render
from echange.http.routing import GuardedRoute, api, page
from echange.http.uploads import AltForm, read_alt, read_upload
from echange.http.viewer import Viewer, hat_of, viewer_of

__all__ = [
    "Access",
    "AltForm",
    "Bound",
    "Form",
    "GuardedRoute",
    "Id",
    "Invalid",
    "Line",
    "NotAllowed",
    "NotFound",
    "Out",
    "Page",
    "PageQuery",
    "Rate",
    "Refusal",
    "SignedOut",
    "Text",
    "Viewer",
    "Way",
    "admin",
    "answer",
    "anyone",
    "api",
    "attempt",
    "blank",
    "concierge",
    "cut",
    "hat_of",
    "local_path",
    "member",
    "moderator",
    "page",
    "read_alt",
    "read_form",
    "read_json",
    "read_query",
    "read_upload",
    "redirect",
    "refused_form",
    "render",
    "signed_in",
    "staff",
    "viewer_of",
]
