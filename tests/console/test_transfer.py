"""What another system pushes: made, changed and left alone by its own ids, each record by itself, and nothing of another shop."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from console.api import access
from models import (
    ApiToken,
    Appointment,
    Consent,
    Customer,
    CustomerMerge,
    Delivery,
    Entry,
    ExternalId,
    Message,
    Shop,
    TransferPush,
    Vehicle,
    WorkItem,
    WorkOrder,
    clock,
    db,
    handover,
)
from models.api_token import SCOPES
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_shop, a_vehicle, a_work_order, consenting, next_open_day

MARIAS = {"first_name": "Maria", "last_name": "Lopez", "phones": ["312 555 0142"], "emails": ["maria@mail.example"]}
CIVIC = {"customer": "C1", "year": 2018, "make": "Honda", "model": "Civic", "plate": "DEMO 101"}
Call = Callable[..., Any]


def a_token(shop: Shop, *scopes: str, system: str = "Protractor") -> str:
    secret = ApiToken.make(shop, system, scopes or SCOPES, by=SAM)[1]
    db.session.commit()
    return secret


def caller(client: Visitor, secret: str) -> Call:
    def call(method: str, path: str, json: Any = None, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {secret}", **more.pop("headers", {})}
        return client.open(f"/api/v1{path}", method=method, json=json, headers=headers, **more)

    return call


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def api(client: Visitor, shop: Shop) -> Call:
    return caller(client, a_token(shop))


def count(noun: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(noun)) or 0


def ours(shop: Shop, noun: str, external_id: str) -> int:
    found = ExternalId.find(shop, "protractor", noun, external_id)
    assert found
    assert found.our_id
    return found.our_id


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.get_json()["errors"]]


def test_a_new_id_makes_a_customer_and_the_same_id_changes_them(api: Call, shop: Shop) -> None:
    made = api("PUT", "/customers/C1", MARIAS)
    assert (made.status_code, made.get_json()["result"], made.headers["Location"]) == (201, "created", "/api/v1/customers/C1")
    changed = api("PUT", "/customers/C1", {"last_name": "Lopez-Diaz"})
    assert (changed.status_code, changed.get_json()) == (200, {"external_id": "C1", "id": made.get_json()["id"], "result": "updated"})
    customer = shop.customer(made.get_json()["id"])
    assert (customer.name, [one.number for one in customer.phones], customer.email) == ("Maria Lopez-Diaz", [MARIA], "maria@mail.example")


def test_the_same_record_again_changes_nothing_and_is_in_no_log(api: Call, shop: Shop) -> None:
    day = f"{next_open_day(shop)}T09:00"
    order = {
        "vehicle": "V1",
        "status": "Inspecting",
        "items": [{"id": "1", "title": "Brakes", "lines": [{"kind": "part", "description": "Pads", "price": "89.90"}]}],
    }
    pushes = [
        ("customers/C1", MARIAS),
        ("vehicles/V1", CIVIC),
        ("appointments/A1", {"vehicle": "V1", "starts_at": day}),
        ("work-orders/W1", order),
    ]
    assert [api("PUT", f"/{path}", body).status_code for path, body in pushes] == [201] * 4
    before = (count(Entry), count(Message))
    assert [api("PUT", f"/{path}", body).get_json()["result"] for path, body in pushes] == ["unchanged"] * 4
    assert (count(Entry), count(Message)) == before


@pytest.mark.one_database
def test_what_the_shop_has_corrected_stays_until_the_other_system_says_something_new(api: Call, shop: Shop) -> None:
    api("PUT", "/customers/C1", MARIAS)
    customer = shop.customer(ours(shop, "customers", "C1"))
    customer.change(by=SAM, first_name="Mary", last_name="Lopez", company_name="", language=None, phones=[MARIA, "+13125550143"], emails=[])
    assert api("PUT", "/customers/C1", MARIAS).get_json()["result"] == "unchanged"
    assert customer.name == "Mary Lopez"
    api("PUT", "/customers/C1", {**MARIAS, "phones": ["312 555 0144"]})
    assert (customer.name, [one.number for one in customer.phones]) == ("Mary Lopez", ["+13125550144", "+13125550143"])


def test_whom_and_what_the_shop_has_already_is_not_made_twice(api: Call, shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    order_of_bob = a_work_order(shop, a_customer(shop, "Bob", "Stone", phones=["+13125550188"], emails=[]))
    moment = f"{drop_off.date}T09:00"
    results = [
        api("PUT", "/customers/C1", MARIAS),
        api("PUT", "/vehicles/V1", CIVIC),
        api("PUT", "/appointments/A1", {"vehicle": "V1", "starts_at": moment}),
        api("PUT", "/customers/C2", {"first_name": "Bob", "last_name": "Stone", "phones": ["+13125550188"]}),
        api("PUT", "/vehicles/V2", {**CIVIC, "customer": "C2"}),
        api("PUT", "/work-orders/W2", {"vehicle": "V2"}),
    ]
    assert [answer.get_json()["result"] for answer in results] == ["unchanged"] * 6
    assert (ours(shop, "appointments", "A1"), ours(shop, "work_orders", "W2")) == (drop_off.id, order_of_bob.id)
    assert api("PUT", "/customers/C3", {**MARIAS, "first_name": "Luis"}).status_code == 201  # a household shares a phone


def test_a_merged_customer_is_found_by_both_ids(api: Call, shop: Shop) -> None:
    api("PUT", "/customers/C1", MARIAS)
    api("PUT", "/customers/C2", {"last_name": "Lopes", "phones": ["312 555 0199"]})
    kept, merged = (shop.customer(ours(shop, "customers", external_id)) for external_id in ("C1", "C2"))
    CustomerMerge.make(kept, merged, by=SAM)
    assert api("PUT", "/customers/C2", {"emails": ["lopes@mail.example"]}).get_json()["id"] == kept.id
    assert api("PUT", "/vehicles/V1", {**CIVIC, "customer": "C2"}).status_code == 201
    assert [one.address for one in kept.emails] == ["lopes@mail.example", "maria@mail.example"]
    assert [vehicle.customer_id for vehicle in kept.vehicles] == [kept.id]


def test_of_a_batch_each_record_is_judged_by_itself(api: Call, shop: Shop) -> None:
    records = [
        {"external_id": "C1", **MARIAS},
        {"external_id": "C2", "last_name": "Bad", "phones": ["12"]},
        {"external_id": "C1", "last_name": "Lopez-Diaz"},
        {"external_id": "C1", "last_name": "Lopez-Diaz"},
        {"last_name": "Nobody"},
        {"external_id": "C3"},
        {"external_id": "C4", "surname": "Stone"},
    ]
    answer = api("POST", "/customers", {"records": records}).get_json()
    assert [one["result"] for one in answer["results"]] == ["created", "refused", "updated", "unchanged", "refused", "refused", "refused"]
    assert [(answer[name]) for name in ("created", "updated", "unchanged", "refused")] == [1, 1, 1, 4]
    said = {one["external_id"]: one["errors"] for one in answer["results"] if "errors" in one}
    assert said["C2"] == [{"pointer": "/phones/0", "detail": "This is no phone number. Give it with its area code, like 312 555 0142."}]
    assert said[""] == [{"pointer": "/external_id", "detail": "This is needed."}]
    assert said["C3"] == [{"pointer": "/last_name", "detail": "Give at least a last name or a company name."}]
    assert said["C4"] == [{"pointer": "/surname", "detail": "There is no field of this name."}]
    assert count(Customer) == 1


@pytest.mark.one_database
def test_what_is_wrong_by_itself_is_said_in_words_of_a_person(api: Call, shop: Shop) -> None:
    wrong = {"external_id": "V1", **CIVIC, "year": 1815, "odometer": "far", "retired": "perhaps"}
    answer = api("POST", "/vehicles", {"records": [wrong]}).get_json()
    assert {one["pointer"]: one["detail"] for one in answer["results"][0]["errors"]} == {
        "/year": "At least 1886.",
        "/odometer": "A whole number is needed here.",
        "/retired": "Yes or no is needed here: true or false.",
    }


@pytest.mark.one_database
def test_a_vehicle_needs_its_owner_first_and_is_sold_to_another(api: Call, shop: Shop) -> None:
    refused = api("PUT", "/vehicles/V1", CIVIC)
    assert (refused.status_code, refused.mimetype, pointers(refused)) == (409, "application/problem+json", ["/customer"])
    for external_id, name in (("C1", "Lopez"), ("C2", "Stone")):
        api("PUT", f"/customers/{external_id}", {"last_name": name})
    api("PUT", "/vehicles/V1", CIVIC)
    assert api("PUT", "/vehicles/V1", {"customer": "C2", "odometer": 48200, "retired": True}).get_json()["result"] == "updated"
    vehicle = shop.vehicle(ours(shop, "vehicles", "V1"))
    assert (vehicle.customer.name, vehicle.odometer, vehicle.retired_at is None) == ("Stone", 48200, False)
    assert pointers(api("PUT", "/vehicles/V1", {"vin": "IOQ"})) == ["/vin"]


@pytest.mark.one_database
def test_a_pushed_drop_off_is_told_by_the_shops_rules_and_texts_wait_for_permission(api: Call, shop: Shop, at: Any) -> None:
    at("2025-05-14 10:00", "America/Chicago")
    api("PUT", "/customers/C1", MARIAS)
    api("PUT", "/vehicles/V1", CIVIC)
    answer = api("PUT", "/appointments/A1", {"vehicle": "V1", "starts_at": "2025-05-15T14:00:00Z", "preference": "text"}).get_json()
    appointment = shop.appointment(answer["id"])
    assert (str(appointment.date), str(appointment.time), appointment.preference) == ("2025-05-15", "09:00:00", "email")
    assert [warning["pointer"] for warning in answer["warnings"]] == ["/preference"]
    assert [(message.kind, message.channel) for message in appointment.messages] == [("booking", "email")]
    assert Consent.of(shop, MARIA) is None
    moved = api("PUT", "/appointments/A1", {"starts_at": "2025-05-16T10:30"})
    assert (moved.get_json()["result"], appointment.revision) == ("updated", 1)
    api("PUT", "/appointments/A1", {"status": "cancelled"})
    assert [message.kind for message in appointment.messages] == ["booking", "moved", "cancelled"]
    assert appointment.is_cancelled


@pytest.mark.one_database
def test_history_and_nights_wake_nobody(api: Call, shop: Shop, at: Any) -> None:
    at("2025-05-14 23:30", "America/Chicago")
    consenting(a_customer(shop))
    api("PUT", "/customers/C1", MARIAS)
    api("PUT", "/vehicles/V1", CIVIC)
    api("PUT", "/vehicles/V2", {**CIVIC, "plate": "DEMO 102"})
    loud = shop.appointment(api("PUT", "/appointments/A1", {"vehicle": "V1", "starts_at": "2025-05-16T09:00"}).get_json()["id"])
    still = shop.appointment(
        api("PUT", "/appointments/A2", {"vehicle": "V2", "starts_at": "2025-05-16T09:00", "notify": False}).get_json()["id"]
    )
    assert [(one.channel, shop.local(one.due_at).strftime("%d %H:%M")) for one in loud.messages] == [("text", "15 08:00")]
    assert (still.messages, still.follow_up_at is None) == ([], False)


@pytest.mark.one_database
def test_a_drop_off_keeps_the_shops_opening_hours(api: Call, shop: Shop, at: Any) -> None:
    at("2025-05-14 10:00", "America/Chicago")
    api("PUT", "/customers/C1", MARIAS)
    api("PUT", "/vehicles/V1", CIVIC)
    for moment in ("2025-05-18T09:00", "2025-05-13T09:00"):
        refused = api("PUT", "/appointments/A1", {"vehicle": "V1", "starts_at": moment})
        assert (refused.status_code, pointers(refused)) == (409, ["/starts_at"])
    assert pointers(api("PUT", "/appointments/A1", {"vehicle": "V1", "starts_at": "2025-02-31"})) == ["/starts_at"]
    assert count(Appointment) == 0


def test_a_work_order_is_on_the_board_with_its_number_status_and_items_none_of_them_authorised(api: Call, shop: Shop) -> None:
    api("PUT", "/customers/C1", MARIAS)
    api("PUT", "/vehicles/V1", CIVIC)
    lines = [{"kind": "labour", "quantity": "1.5", "price": "145.00"}, {"kind": "part", "description": "Pads", "price": 8990}]
    items = [{"id": "1", "title": "Front brakes", "category": "necessary", "lines": lines}, {"id": "2", "title": "Wipers"}]
    body = {"vehicle": "V1", "number": 58123, "status": "in repair", "estimate_minutes": 90, "concern": "Squeals", "items": items}
    assert api("PUT", "/work-orders/W1", body).status_code == 201
    order = shop.work_order(58123)
    assert (order.stay.status.name, order.stay.minutes, order.concern) == ("In repair", 90, "Squeals")
    assert [(item.title, [line.price for line in item.lines]) for item in WorkItem.of(order)] == [
        ("Front brakes", [14500, 8990]),
        ("Wipers", []),
    ]
    WorkItem.add(order, "Seen by Tess", by=SAM)
    api("PUT", "/work-orders/W1", {"items": [{**items[0], "title": "Front brakes and discs"}]})
    assert [item.title for item in WorkItem.of(order)] == ["Front brakes and discs", "Seen by Tess"]
    wrong = api(
        "PUT",
        "/work-orders/W1",
        {"items": [{"id": "1", "title": "x", "lines": [{"kind": "part", "quantity": "1", "price": 1}]}], "status": "Gone"},
    )
    assert (wrong.status_code, pointers(wrong)) == (409, ["/status"])
    wrong = api("PUT", "/work-orders/W1", {"items": [{"id": "1", "title": "x", "lines": [{"kind": "part", "price": 1}]}]})
    assert (wrong.status_code, pointers(wrong)) == (409, ["/items/0/lines/0/description"])
    held = api("GET", "/work-orders/W1").get_json()
    assert (held["number"], held["vehicle"], [item["id"] for item in held["items"]]) == (58123, "V1", ["1", None])


@pytest.mark.one_database
def test_a_work_order_checks_in_the_drop_off_of_its_day(api: Call, shop: Shop, at: Any) -> None:
    at("2025-05-14 10:00", "America/Chicago")
    api("PUT", "/customers/C1", MARIAS)
    api("PUT", "/vehicles/V1", CIVIC)
    api("PUT", "/appointments/A1", {"vehicle": "V1", "starts_at": "2025-05-14T15:00"})
    api("PUT", "/work-orders/W1", {"vehicle": "V1", "notify": False})
    assert shop.appointment(ours(shop, "appointments", "A1")).is_checked_in
    assert api("GET", "/work-orders/W1").get_json()["appointment"] == "A1"


@pytest.mark.one_database
def test_closed_history_is_taken_with_its_dates_and_says_nothing(api: Call, shop: Shop) -> None:
    api("PUT", "/customers/C1", MARIAS)
    api("PUT", "/vehicles/V1", CIVIC)
    a_month_ago = shop.today() - timedelta(days=30)
    body = {"vehicle": "V1", "opened_at": f"{a_month_ago}T08:00", "closed_on": f"{a_month_ago}", "odometer": 48000, "notify": False}
    assert api("PUT", "/work-orders/W1", body).status_code == 201
    order = shop.work_order(api("GET", "/work-orders/W1").get_json()["number"])
    assert (order.closing.invoiced_on, order.visit.vehicle.odometer, count(Message)) == (a_month_ago, 48000, 0)
    assert api("PUT", "/work-orders/W1", {"closed_on": None}).get_json()["result"] == "updated"
    assert not order.is_closed


@pytest.mark.one_database
def test_a_status_sends_its_update_unless_it_is_history(api: Call, shop: Shop, at: Any) -> None:
    at("2025-05-14 10:00", "America/Chicago")
    consenting(a_customer(shop))
    api("PUT", "/customers/C1", MARIAS)
    for external_id, notify in (("V1", True), ("V2", False)):
        api("PUT", f"/vehicles/{external_id}", {**CIVIC, "plate": external_id})
        api("PUT", f"/work-orders/W{external_id}", {"vehicle": external_id, "notify": False})
        api("PUT", f"/work-orders/W{external_id}", {"status": "Ready", "notify": notify})
    sent = db.session.scalars(select(Message).where(Message.state != Delivery.cancelled)).all()
    assert [(one.kind, one.visit.vehicle.plate) for one in sent] == [("status", "V1")]


@pytest.mark.one_database
def test_another_shops_ids_are_not_found_and_not_touched(api: Call, client: Visitor, shop: Shop) -> None:
    api("PUT", "/customers/C1", MARIAS)
    other = caller(client, a_token(a_shop("northgate")))
    assert other("GET", "/customers/C1").status_code == 404
    assert pointers(other("PUT", "/vehicles/V1", CIVIC)) == ["/customer"]
    assert other("PUT", "/customers/C1", {"last_name": "Stone"}).status_code == 201
    assert shop.customer(ours(shop, "customers", "C1")).name == "Maria Lopez"
    assert caller(client, a_token(shop, system="R.O. Writer"))("GET", "/customers/C1").status_code == 404


@pytest.mark.one_database
def test_who_has_no_valid_token_is_told_the_same_whatever_is_wrong_with_it(client: Visitor, shop: Shop) -> None:
    token, revoked = ApiToken.make(shop, "Claire", SCOPES, by=SAM)
    token.revoke(by=SAM)
    answers = [client.get("/api/v1/shop")] + [
        client.get("/api/v1/shop", headers={"Authorization": words})
        for words in ("Basic YTpi", "Bearer", "Bearer wrenchline_nonsense", f"Bearer {revoked}", f"Bearer {revoked}x")
    ]
    assert {(answer.status_code, answer.data, answer.headers["WWW-Authenticate"]) for answer in answers} == {
        (401, answers[0].data, "Bearer")
    }
    assert not any("Set-Cookie" in answer.headers for answer in answers)


@pytest.mark.one_database
def test_a_token_does_what_its_scopes_say(client: Visitor, shop: Shop) -> None:
    reads = caller(client, a_token(shop, "customers:read"))
    assert reads("GET", "/customers/C1").status_code == 404
    refused = reads("PUT", "/customers/C1", MARIAS)
    assert (refused.status_code, refused.get_json()["detail"]) == (403, "This needs the scope customers:write.")
    assert reads("GET", "/vehicles/V1").status_code == 403
    assert reads("GET", "/shop").get_json()["scopes"] == ["customers:read"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("status", "path", "request_"),
    [
        (400, "/customers/C1", {"data": b'{"last_name": '}),
        (404, "/nonsense", {"json": {}}),
        (405, "/shop", {"json": {}}),
        (413, "/customers/C1", {"data": b'{"last_name": "' + b"x" * 5_000_000 + b'"}'}),
        (415, "/customers/C1", {"data": b"last_name=Lopez", "content_type": "application/x-www-form-urlencoded"}),
        (422, "/customers/C1", {"json": []}),
        (422, "/customers/C1", {"data": b'{"last_name": "a\\u0000b"}'}),
        (422, "/customers/-", {"json": {"last_name": "Lopez"}}),
        (422, "/customers/C1", {"json": {"external_id": "C2", "last_name": "Lopez"}}),
    ],
)
def test_every_no_is_a_problem_that_programs_understand(
    client: Visitor, shop: Shop, status: int, path: str, request_: dict[str, Any]
) -> None:
    headers = {"Authorization": f"Bearer {a_token(shop)}"}
    answer = client.put(f"/api/v1{path}", headers=headers, **{"content_type": "application/json", **request_})
    problem = answer.get_json()
    assert (answer.status_code, answer.mimetype, problem["status"]) == (status, "application/problem+json", status)
    assert problem["type"].startswith("/api/v1/openapi.json#/components/responses/")
    assert count(Customer) == 0


@pytest.mark.one_database
def test_a_program_that_went_wild_is_told_when_to_go_on(api: Call, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at("2025-05-14 10:00:00", "America/Chicago")
    monkeypatch.setattr(access, "OFTEN", "3/minute")
    answers = [api("GET", "/shop"), *(api("PUT", "/customers/C1", {"last_name": "Lopez"}) for _ in range(3))]
    assert [answer.status_code for answer in answers] == [200, 201, 200, 429]
    assert answers[3].mimetype == "application/problem+json"
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 61


@pytest.mark.one_database
def test_a_lost_answer_is_given_again_under_the_same_key(api: Call) -> None:
    key = {"headers": {"Idempotency-Key": "b6c7"}}
    first, again = (api("PUT", "/customers/C1", MARIAS, **key) for _ in range(2))
    assert (first.status_code, again.status_code, again.get_json()) == (201, 201, first.get_json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert api("PUT", "/customers/C1", {"last_name": "Stone"}, **key).status_code == 409


def test_two_pushes_of_one_new_id_at_once_make_one_customer(app: Flask, shop: Shop) -> None:
    secret, answers = a_token(shop), []

    def push(number: int) -> None:
        with app.app_context():
            call = caller(Visitor(app, app.response_class), secret)
            answers.append(call("PUT", "/customers/C1", {**MARIAS, "first_name": f"Maria {number}"}).status_code)

    threads = [threading.Thread(target=push, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 5 + [201]
    assert (count(Customer), count(ExternalId)) == (1, 1)


@pytest.mark.one_database
def test_what_is_pushed_is_nudged_to_the_board_and_a_batch_in_a_breath(api: Call, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    api("PUT", "/customers/C1", MARIAS)
    api("POST", "/vehicles", {"records": [{"external_id": f"V{number}", **CIVIC, "plate": f"W {number}"} for number in range(20)]})
    told: list[str] = []
    monkeypatch.setitem(handover._takers, "publish", lambda shop_id, topic: told.append(topic))
    api("PUT", "/work-orders/W0", {"vehicle": "V0"})
    assert {"work_orders", "appointments"} <= set(told)
    told.clear()
    api("POST", "/work-orders", {"records": [{"external_id": f"W{number}", "vehicle": f"V{number}"} for number in range(1, 20)]})
    assert 1 <= told.count("work_orders") <= 12


@pytest.mark.one_database
def test_what_came_is_counted_for_the_administrators(api: Call, shop: Shop) -> None:
    api("PUT", "/customers/C1", MARIAS)
    api("POST", "/customers", {"records": [{"external_id": "C1", **MARIAS}, {"external_id": "C2", "phones": ["1"]}]})
    line = TransferPush.newest(shop)[0]
    assert (line.created, line.updated, line.unchanged, line.refused, line.token.system) == (1, 0, 1, 1, "Protractor")
    assert line.faults[0][:2] == ["C2", "/phones/0"]
    assert line.token.used_from == "127.0.0.1"


@pytest.mark.one_database
def test_vehicles_that_differ_are_not_mixed_up(api: Call, shop: Shop) -> None:
    api("PUT", "/customers/C1", MARIAS)
    a_vehicle(shop.customer(ours(shop, "customers", "C1")), vin="1HGCM82633A004352", plate="")
    api("PUT", "/vehicles/V1", {**CIVIC, "vin": "1HGCM82633A004352"})
    api("PUT", "/vehicles/V2", {**CIVIC, "vin": "JH4KA7561PC008269"})
    assert count(Vehicle) == 2
    assert count(WorkOrder) == 0


@pytest.mark.one_database
def test_who_was_erased_on_request_does_not_come_back_under_the_same_id(api: Call, shop: Shop) -> None:
    api("PUT", "/customers/C1", MARIAS)
    shop.customer(ours(shop, "customers", "C1")).erased_at = clock.now()
    refused = api("PUT", "/customers/C1", {"first_name": "Maria", "last_name": "Lopez-Diaz"})
    assert (refused.status_code, refused.get_json()["errors"][0]["detail"]) == (409, "This customer was erased on request. Add a new one.")
