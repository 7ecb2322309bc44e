"""A stand-in for a plate service: a handful of plates of the demo, and plates that meet each of a provider's troubles."""

import hmac
import re
import time

from flask import Blueprint, Response, jsonify, request

bp = Blueprint("plates", __name__, url_prefix="/plates")
KEY = "demo-plate-key-of-the-built-in-phone"
# Serial numbers of zeros: no vehicle has one, and the rest is read as that of a real model.
VINS = {
    "DEMO102": "1FTEW1EP1FFA00000",
    "DEMO108": "4T1BF1FK0CU000000",
    "DEMO117": "3GCEK23369G000000",
    "DEMO130": "2HGFC2F50JH000000",
    "DEMO131": "5YJ3E1EA6KF000000",
    "DEMO132": "WVWZZZ1KZAW000000",
}
TROUBLE = re.compile(r"DEMO(4\d\d|5\d\d)")  # answered with that status; DEMO599 with nothing for longer than anybody waits


@bp.post("/v1/vin")
def vin() -> tuple[Response, int]:
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {KEY}".encode()):
        return _fault(401, "unknown key")
    asked = request.get_json(silent=True)
    plate = str(asked.get("plate", "")) if isinstance(asked, dict) else ""
    if trouble := TROUBLE.fullmatch(plate):
        if plate == "DEMO599":
            time.sleep(8)
        return _fault(int(trouble[1]), "as the plate asks for")
    if plate not in VINS:
        return _fault(404, "no vehicle with this plate")
    return jsonify(vin=VINS[plate], units=1), 200


def _fault(status: int, words: str) -> tuple[Response, int]:
    return jsonify(error=words), status
