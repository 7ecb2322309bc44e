"""Where a person's data lies: every table that leads to a customer, how, and what an erasure leaves of it.

The export of a customer's own data, the erasure and the tests all read this one list. What a row says in a column of text that is named
nowhere here is exported, and goes with an erasure: a column that somebody adds is safe before anybody has thought of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Held:
    """What one table holds of a person.

    ``via`` are the keys that lead to it, any of them; ``holds`` columns with a number or an address of theirs where no key leads.
    ``gone``: an erasure deletes the rows. Of those that stay, ``words`` are ours (a kind, a state, a code), ``work`` is what was found
    and done, which the law demands to be kept, ``staff`` are names of the shop's people, ``masked`` is the person's own name (where the
    row knows who acted, only if that was the customer), ``left`` is what takes the place of the rest. ``withheld`` is in no export: keys
    and codes that would open something.
    """

    via: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    gone: bool = False
    words: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    left: Mapping[str, Any] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()

    @property
    def stays(self) -> tuple[str, ...]:
        """The columns of text that an erasure does not touch."""
        return self.words + self.work + self.staff


_ACTED = ("actor_kind",)
_AT_PROVIDER = ("provider_id",)
_EMPTIED: dict[str, Any] = {"given_up": {"customer_phones": [], "customer_emails": [], "customer_addresses": []}}
_TAKEN = {"taken_over": {"fields": {}, **_EMPTIED["given_up"]}}

# Parents before children: that is the order in which rows are found; they are deleted the other way round.
HELD: dict[str, Held] = {
    "customers": Held(words=("kind",), masked=("last_name",)),
    "customer_phones": Held(via=("customer_id",), gone=True),
    "customer_emails": Held(via=("customer_id",), gone=True),
    "customer_addresses": Held(via=("customer_id",), gone=True),
    "contact_persons": Held(via=("customer_id",), gone=True),
    "customer_merges": Held(
        via=("kept_id", "merged_id"), words=("moved",), staff=("actor_name",), left=_EMPTIED | _TAKEN, withheld=("given_up", "taken_over")
    ),
    "do_not_mails": Held(via=("customer_id",), gone=True, staff=("by",)),
    "mail_links": Held(via=("customer_id",), gone=True, withheld=("digest",)),
    "vehicles": Held(via=("customer_id",), work=("make", "model", "submodel", "engine")),
    "last_invoices": Held(via=("customer_id",), gone=True),
    "odometer_readings": Held(via=("vehicle_id",), staff=("actor_name",)),
    "customer_keys": Held(via=("customer_id", "vehicle_id"), gone=True),
    "export_opt_outs": Held(via=("vehicle_id",), staff=("by",)),
    "visits": Held(via=("customer_id",)),
    "links": Held(via=("visit_id",), words=("purpose", "digest"), withheld=("digest",)),
    "openings": Held(via=("visit_id",), gone=True),
    "appointments": Held(via=("visit_id",), words=("preference", "uid"), withheld=("uid",)),
    "confirmations": Held(via=("appointment_id",), words=("channel", *_ACTED), masked=("actor_name",)),
    "reschedule_requests": Held(via=("appointment_id",), words=_ACTED, masked=("actor_name",), staff=("settled_by",)),
    "cancellations": Held(via=("appointment_id",), words=_ACTED, masked=("actor_name",)),
    "no_shows": Held(via=("appointment_id",), words=_ACTED, masked=("actor_name",)),
    "skips": Held(via=("appointment_id",), words=("what", "kind", *_ACTED), masked=("actor_name",), withheld=("what",)),
    "estimates": Held(via=("customer_id",), gone=True),
    "work_orders": Held(via=("visit_id",), staff=("opened_by",)),
    "assignments": Held(via=("work_order_id",), staff=("assigned_by",)),
    "status_stays": Held(via=("work_order_id",), staff=("set_by", "reason_by")),
    "closings": Held(via=("work_order_id",), staff=("closed_by", "reopened_by")),
    "export_records": Held(via=("closing_id",), gone=True),
    "held_rows": Held(via=("closing_id",), words=("verdict",), staff=("settled_by",)),
    "part_requests": Held(
        via=("work_order_id",),
        work=("description", "part_number", "supplier"),
        staff=("needed_by", "ordered_by", "arrived_by", "removed_by"),
    ),
    "work_items": Held(
        via=("work_order_id",), work=("title", "why", "job_code", "terms_kept"), staff=("pinned_by", "started_by", "done_by")
    ),
    "item_lines": Held(via=("work_item_id",), words=("kind",), work=("description", "part_number")),
    "inspections": Held(via=("work_order_id",), work=("sheet_name",), staff=("begun_by", "completed_by", "taken_on_by")),
    "findings": Held(
        via=("inspection_id",),
        words=("said",),
        work=(
            *("section", "name", "measure", "unit", "ok", "recommended", "necessary", "remarks"),
            *("job", "value", "remark", "told"),
        ),
        staff=("answered_by",),
    ),
    "inspection_changes": Held(via=("inspection_id",), gone=True, staff=("actor_name",), withheld=("device",)),
    "overviews": Held(
        via=("work_order_id",),
        words=("key", "channel", "language", "rules_kept"),
        work=("terms_kept", "checked_ok"),
        staff=("sent_by", "prices_told_by"),
        masked=("to_name",),
        withheld=("key",),
    ),
    "overview_items": Held(via=("overview_id",), words=("fingerprint", "news"), work=("title", "why", "measured", "limit", "lines")),
    "replies": Held(
        via=("overview_id", "work_order_id"),
        words=("key", "currency", "digest"),
        work=("statement", "receipt"),
        masked=("name",),
        withheld=("key",),
    ),
    "answers": Held(via=("reply_id",)),
    "remarks": Held(via=("work_order_id", "reply_id"), gone=True, staff=("read_by", "shared_by")),
    "oral_authorisations": Held(via=("work_order_id",), words=("currency",), work=("titles", "work"), staff=("by",), masked=("name",)),
    "authorisations": Held(via=("work_order_id",), words=("batch",), staff=("by",), withheld=("batch",)),
    "attachments": Held(via=("work_order_id",), gone=True, staff=("sent_by", "shared_by"), withheld=("token",)),
    "renditions": Held(via=("attachment_id",), gone=True),
    "communications": Held(via=("work_order_id",), words=("kind", "facts", "personal_digests", "previous", "digest")),
    "personal_values": Held(via=("communication_id",), gone=True),
    "deferred_items": Held(via=("customer_id",), gone=True, staff=("by",)),
    "messages": Held(
        via=("customer_id", "visit_id", "appointment_id"),
        holds=("address",),
        words=("uid", "dedupe_key", "direction", "kind", "language", "channel", "failure", *_ACTED, *_AT_PROVIDER),
        masked=("actor_name",),
        withheld=("uid", "dedupe_key"),
    ),
    "delivery_reports": Held(via=("message_id",), words=("status", "code", *_AT_PROVIDER)),
    "incoming_texts": Held(holds=("sender",), words=_AT_PROVIDER),
    "introductions": Held(via=("message_id",), holds=("number",), gone=True),
    "stop_alarms": Held(via=("message_id",), holds=("number",), gone=True, staff=("decided_by",)),
    "letters": Held(via=("customer_id",)),
    "letter_links": Held(via=("message_id",), gone=True, withheld=("digest",)),
    "printed_cards": Held(via=("message_id",), words=("currency", "step", "former_ids"), staff=("withdrawn_by",)),
    "print_reports": Held(via=("card_id",), words=("event_id", "kind", *_AT_PROVIDER)),
    "mail_events": Held(via=("message_id",), holds=("address",), gone=True),
    "returned_addresses": Held(via=("message_id",), gone=True),
    "calls": Held(via=("customer_id",), gone=True, staff=("wished_by",), withheld=("key",)),
    "call_results": Held(via=("call_id",), gone=True, staff=("actor_name", "undone_by")),
    "threads": Held(holds=("number",), gone=True),
    "thread_drafts": Held(via=("thread_id",), gone=True),
    "thread_assignments": Held(via=("thread_id",), gone=True, staff=("assigned_by",)),
    "thread_closings": Held(via=("thread_id",), gone=True, staff=("closed_by",)),
    "thread_presences": Held(via=("thread_id",), gone=True),
    "documents": Held(via=("appointment_id", "work_order_id", "reply_id"), gone=True, staff=("asked_by",)),
    "message_media": Held(via=("message_id", "thread_id"), gone=True, withheld=("seed", "provider_url")),
    "bounced_addresses": Held(holds=("address",), gone=True),
    # the number becomes a keyed digest, by which the same number is known again, and the address of the network is shortened
    "consent_facts": Held(
        holds=("number",), words=("number", "scope", "source", "wording_version", "ip"), masked=("actor_name",), staff=("actor_name",)
    ),
    # by which what another system sends again is known to be about somebody who was erased, and refused
    "external_ids": Held(words=("system", "noun", "external_id", "marks"), withheld=("marks",)),
    "plate_lookups": Held(words=("country", "host"), staff=("asked_by",)),
    "data_exports": Held(via=("customer_id",), gone=True, staff=("asked_by",)),
    "erasures": Held(
        via=("customer_id",), words=("why_not", "counts", "files", "kept_id"), staff=("asked_by",), withheld=("sealed_record",)
    ),
    "entries": Held(words=("verb", "subject", "actor_kind", "details"), masked=("actor_name",)),
}

# Tables that hold nothing of a customer, each with its reason.
OTHERS = {
    "settings of a shop": (
        *("shops", "businesses", "locations", "brandings", "opening_hours", "closing_days", "prices", "jobs", "statuses", "notices"),
        *("message_templates", "quick_replies", "letter_rules", "overview_rules", "own_hosts", "own_videos", "provider_accounts"),
        *("inspection_sheets", "inspection_sections", "inspection_points", "sheet_imports", "setup_checks", "retentions"),
        *("api_tokens", "plate_services", "print_services", "export_setups", "export_agreements", "first_setups"),
    ),
    "of the shop's own people": ("staff_members", "memberships", "sign_ins", "account_links", "calendar_feeds"),
    "of no person": ("chain_heads", "postcard_batches", "print_orders", "transfer_pushes"),
    "searched for the person's addresses by an erasure": ("returned_mails",),
    "files for other companies: an erasure throws away those with the person's rows": ("export_runs",),
    "files of other systems that are loaded: an erasure throws away all of the shop's": ("first_loads", "load_faults"),
    "drawn anew when somebody looks, and thrown away by an erasure": ("postcard_pictures",),
    "in the export as files, beside the rows that point at them": ("stored_files",),
}
