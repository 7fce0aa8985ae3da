"""Pages of lending: the catalogue, telling of things, their units and kits, a lender's settings."""

from typing import Final

from echange.http import Rate, anyone, member, page
from echange.lending.pages import (
    catalogue,
    desk_routes,
    exporting,
    feeds,
    importing,
    keeping,
    kits,
    lender_settings,
    loan_routes,
    offline,
    photos,
    publishing,
    rooms,
    training,
    units,
    waiting,
)
from echange.media.album_forms import PHOTOS_BODY

ITEMS: Final = Rate("item", 60, 3600)
_ITEM: Final = "/prets/{id:id}"
_UNIT: Final = "/prets/exemplaires/{id:id}"

things = [
    page("/prets", catalogue.list_items, who=anyone),
    page("/prets/publier", publishing.new_item, who=member),
    page("/prets/publier", publishing.make_item, who=member, methods=("POST",), limit=ITEMS,
         max_body=PHOTOS_BODY),
    page(_ITEM + "/details", publishing.details, who=member),
    page(_ITEM + "/details", publishing.write_details, who=member, methods=("POST",),
         max_body=PHOTOS_BODY),
    page(_ITEM + "/apercu", publishing.preview, who=member),
    page(_ITEM + "/publication", publishing.publish_item, who=member, methods=("POST",)),
    page(_ITEM + "/photos/{photo:id}-{width:int}.webp", photos.show_photo, who=anyone),
    page("/moi/materiel", keeping.my_items, who=member),
    page(_ITEM + "/retrait", keeping.ask_withdrawal, who=member),
    page(_ITEM + "/retrait", keeping.withdraw_item, who=member, methods=("POST",)),
    page(_ITEM + "/effacement", keeping.ask_removal, who=member),
    page(_ITEM + "/effacement", keeping.remove_item, who=member, methods=("POST",)),
    page(_ITEM + "/lot", kits.show_kit, who=member),
    page(_ITEM + "/lot", kits.write_kit, who=member, methods=("POST",)),
    page(_ITEM + "/exemplaires", units.list_units, who=member),
    page(_ITEM + "/exemplaires", units.add_units, who=member, methods=("POST",)),
    page(_ITEM + "/etiquettes", units.labels, who=member),
    page(_UNIT, units.show_unit, who=member),
    page(_UNIT, units.change_unit, who=member, methods=("POST",)),
    page(_UNIT + "/entretien", units.plan_maintenance, who=member, methods=("POST",)),
    page(_UNIT + "/entretien/{maintenance:id}/fin", units.end_maintenance, who=member, methods=("POST",)),
    page(_UNIT + "/retrait", units.end_unit, who=member, methods=("POST",)),
    page(_UNIT + "/remise", units.give_back, who=member, methods=("POST",)),
    page("/prets/u/{code:word}", units.scanned, who=anyone),
    page("/prets/u/{code:word}/qr.svg", units.qr, who=member),
    page("/prets/preteur/{id:id}", lender_settings.show_settings, who=member),
    page("/prets/preteur/{id:id}", lender_settings.write_settings, who=member, methods=("POST",)),
    *lender_settings.hours,
]  # fmt: skip

routes = [
    *things,
    *importing.routes,
    *exporting.routes,
    *feeds.routes,
    *offline.routes,
    *desk_routes.routes,
    *loan_routes.routes,
    *waiting.routes,
    *rooms.routes,
    *training.routes,
]
