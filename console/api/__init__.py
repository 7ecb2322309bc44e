"""For other shop-management systems: JSON over tokens at /api/v1, described at /api/v1/openapi.json; a shell around ``models.Transfer``."""

from flask import Blueprint

bp = Blueprint("api", __name__, url_prefix="/api/v1")

from console.api import access, description, problems, records  # noqa: E402, F401  (they hang their routes on the blueprint)
