"""Lending in JSON."""

from echange.lending.api import (
    availability,
    commons,
    desk,
    desk_devices,
    feeds,
    importing,
    items,
    lender_hours,
    proof,
    reservations,
    training,
    units,
    waiting,
)

routes = [
    *proof.routes,
    *items.routes,
    *importing.routes,
    *feeds.routes,
    *commons.routes,
    *lender_hours.routes,
    *units.routes,
    *availability.routes,
    *reservations.routes,
    *desk.routes,
    *desk_devices.routes,
    *waiting.routes,
    *training.routes,
]
