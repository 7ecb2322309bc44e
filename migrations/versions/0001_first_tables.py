"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "businesses",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("main_administrator_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
    )
    op.create_table(
        "staff_members",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_members")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_members_email")),
    )
    op.create_table(
        "shops",
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("texting_number", sa.String(), nullable=True),
        sa.Column("voice_phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_shops_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shops")),
        sa.UniqueConstraint("slug", name=op.f("uq_shops_slug")),
        sa.UniqueConstraint("texting_number", name=op.f("uq_shops_texting_number")),
    )
    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shops_business_id"), ["business_id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("staff_member_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_member_id"], ["staff_members.id"], name=op.f("fk_sign_ins_staff_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token", name=op.f("uq_sign_ins_token")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_staff_member_id"), ["staff_member_id"], unique=False)

    op.create_table(
        "closing_days",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_closing_days_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_days")),
        sa.UniqueConstraint("shop_id", "date", name=op.f("uq_closing_days_shop_id_date")),
    )
    with op.batch_alter_table("closing_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closing_days_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "consent_facts",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("wording_version", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_consent_facts_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_facts")),
    )
    with op.batch_alter_table("consent_facts", schema=None) as batch_op:
        batch_op.create_index("ix_consent_facts_number", ["shop_id", "number", "scope", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_facts_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "customers",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("company_name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("search_words", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_customers_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customers_last_name"), ["last_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_customers_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "entries",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_entries_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entries_shop_id"), ["shop_id"], unique=False)
        batch_op.create_index("ix_entries_subject", ["subject", "subject_id"], unique=False)

    op.create_table(
        "incoming_texts",
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_incoming_texts_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_texts")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_incoming_texts_provider_id")),
    )
    with op.batch_alter_table("incoming_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_texts_shop_id"), ["shop_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_texts_worked_at"), ["worked_at"], unique=False)

    op.create_table(
        "locations",
        sa.Column("reschedule_allowed", sa.Boolean(), nullable=False),
        sa.Column("booking_message", sa.Boolean(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("remind_confirmed", sa.Boolean(), nullable=False),
        sa.Column("morning_time", sa.Time(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("past_policy", sa.Enum("refuse", "warn", name="policy", native_enum=False, length=20), nullable=False),
        sa.Column("closed_policy", sa.Enum("refuse", "warn", name="policy", native_enum=False, length=20), nullable=False),
        sa.Column("hours_policy", sa.Enum("refuse", "warn", name="policy", native_enum=False, length=20), nullable=False),
        sa.Column("capacity_policy", sa.Enum("refuse", "warn", name="policy", native_enum=False, length=20), nullable=False),
        sa.Column("spoken_consent", sa.Boolean(), nullable=False),
        sa.Column("cancel_message", sa.Boolean(), nullable=False),
        sa.Column("no_show_automatic", sa.Boolean(), nullable=False),
        sa.Column("holiday_calendar", sa.String(), nullable=False),
        sa.Column("provider_answers_keywords", sa.Boolean(), nullable=False),
        sa.Column("consent_keyword", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_locations_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
    )
    with op.batch_alter_table("locations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_locations_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("staff_member_id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Enum("administrator", "receptionist", "mechanic", name="role", native_enum=False, length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_memberships_shop_id")),
        sa.ForeignKeyConstraint(["staff_member_id"], ["staff_members.id"], name=op.f("fk_memberships_staff_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("staff_member_id", "shop_id", name=op.f("uq_memberships_staff_member_id_shop_id")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "message_templates",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_message_templates_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_templates")),
        sa.UniqueConstraint("shop_id", "key", "channel", "language", name=op.f("uq_message_templates_shop_id_key_channel_language")),
    )
    with op.batch_alter_table("message_templates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_templates_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "opening_hours",
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_opening_hours_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
        sa.UniqueConstraint("shop_id", "weekday", name=op.f("uq_opening_hours_shop_id_weekday")),
    )
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_hours_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "stored_files",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_stored_files_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_files_key")),
    )
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_files_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "brandings",
        sa.Column("accent", sa.String(), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=False),
        sa.Column("welcome", sa.String(), nullable=False),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["logo_id"], ["stored_files.id"], name=op.f("fk_brandings_logo_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_brandings_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brandings")),
    )
    with op.batch_alter_table("brandings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brandings_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "customer_addresses",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_addresses_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_addresses")),
    )
    with op.batch_alter_table("customer_addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_addresses_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "customer_emails",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_emails_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_emails")),
    )
    with op.batch_alter_table("customer_emails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_emails_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "customer_phones",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_phones_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_phones")),
        sa.UniqueConstraint("customer_id", "number", name=op.f("uq_customer_phones_customer_id_number")),
    )
    with op.batch_alter_table("customer_phones", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_phones_number"), ["number"], unique=False)

    op.create_table(
        "vehicles",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("make", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("submodel", sa.String(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("plate_region", sa.String(), nullable=False),
        sa.Column("plate_key", sa.String(), nullable=False),
        sa.Column("vin", sa.String(), nullable=False),
        sa.Column("odometer", sa.Integer(), nullable=True),
        sa.Column("unit_number", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_vehicles_customer_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_vehicles_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicles")),
    )
    with op.batch_alter_table("vehicles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vehicles_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vehicles_plate_key"), ["plate_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_vehicles_shop_id"), ["shop_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vehicles_vin"), ["vin"], unique=False)

    op.create_table(
        "visits",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_visits_customer_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_visits_shop_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicles.id"], name=op.f("fk_visits_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visits_shop_id"), ["shop_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visits_vehicle_id"), ["vehicle_id"], unique=False)

    op.create_table(
        "appointments",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("time", sa.Time(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type_of_work", sa.String(), nullable=False),
        sa.Column("shop_note", sa.String(), nullable=False),
        sa.Column("customer_note", sa.String(), nullable=False),
        sa.Column("preference", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_appointments_shop_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_appointments_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("uid", name=op.f("uq_appointments_uid")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_appointments_visit_id")),
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index("ix_appointments_day", ["shop_id", "date"], unique=False)
        batch_op.create_index("ix_appointments_follow_up_at", ["follow_up_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointments_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "links",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_links_shop_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_links_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_links_digest")),
        sa.UniqueConstraint("visit_id", "purpose", name=op.f("uq_links_visit_id_purpose")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_links_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "openings",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_openings_shop_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_openings_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
        sa.UniqueConstraint("visit_id", "revision", "evidence", "agent", name=op.f("uq_openings_visit_id_revision_evidence_agent")),
    )
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_openings_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "work_orders",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_work_orders_shop_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_work_orders_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_orders")),
        sa.UniqueConstraint("shop_id", "number", name=op.f("uq_work_orders_shop_id_number")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_work_orders_visit_id")),
    )
    with op.batch_alter_table("work_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_orders_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "cancellations",
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_cancellations_appointment_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_cancellations_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellations")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_cancellations_appointment_id")),
    )
    with op.batch_alter_table("cancellations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cancellations_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cancellations_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "confirmations",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_confirmations_appointment_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_confirmations_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint("appointment_id", "revision", "ordinal", name=op.f("uq_confirmations_appointment_id_revision_ordinal")),
    )
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confirmations_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_confirmations_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "documents",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_documents_appointment_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_documents_file_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_documents_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_documents_shop_id"), ["shop_id"], unique=False)
        batch_op.create_index("ix_documents_waiting", ["ready_at", "failed_at"], unique=False)

    op.create_table(
        "estimates",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("type_of_work", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_estimates_appointment_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_estimates_customer_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_estimates_shop_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicles.id"], name=op.f("fk_estimates_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimates")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_estimates_appointment_id")),
    )
    with op.batch_alter_table("estimates", schema=None) as batch_op:
        batch_op.create_index("ix_estimates_asked_at", ["shop_id", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_estimates_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_estimates_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "messages",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=True),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "held",
                "queued",
                "sending",
                "sent",
                "delivered",
                "failed",
                "unknown",
                "cancelled",
                name="delivery",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("trace", sa.JSON(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_messages_appointment_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_messages_customer_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_messages_shop_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_messages_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_messages_dedupe_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_messages_uid")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_address", ["shop_id", "address"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("ix_messages_due", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_shop_id"), ["shop_id"], unique=False)
        batch_op.create_index("ix_messages_shop_state", ["shop_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "no_shows",
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_no_shows_appointment_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_no_shows_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_shows")),
        sa.UniqueConstraint("appointment_id", "revision", name=op.f("uq_no_shows_appointment_id_revision")),
    )
    with op.batch_alter_table("no_shows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_no_shows_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_no_shows_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "reschedule_requests",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("wishes", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_reschedule_requests_appointment_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_reschedule_requests_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reschedule_requests")),
        sa.UniqueConstraint("appointment_id", "revision", "ordinal", name=op.f("uq_reschedule_requests_appointment_id_revision_ordinal")),
    )
    with op.batch_alter_table("reschedule_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reschedule_requests_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index("ix_reschedule_requests_open", ["shop_id", "settled_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reschedule_requests_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "delivery_reports",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_delivery_reports_message_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_delivery_reports_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_reports")),
        sa.UniqueConstraint("provider_id", "status", name=op.f("uq_delivery_reports_provider_id_status")),
    )
    with op.batch_alter_table("delivery_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_reports_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_reports_shop_id"), ["shop_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_reports_worked_at"), ["worked_at"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("delivery_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_reports_worked_at"))
        batch_op.drop_index(batch_op.f("ix_delivery_reports_shop_id"))
        batch_op.drop_index(batch_op.f("ix_delivery_reports_message_id"))

    op.drop_table("delivery_reports")
    with op.batch_alter_table("reschedule_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reschedule_requests_shop_id"))
        batch_op.drop_index("ix_reschedule_requests_open")
        batch_op.drop_index(batch_op.f("ix_reschedule_requests_appointment_id"))

    op.drop_table("reschedule_requests")
    with op.batch_alter_table("no_shows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_no_shows_shop_id"))
        batch_op.drop_index(batch_op.f("ix_no_shows_appointment_id"))

    op.drop_table("no_shows")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_visit_id"))
        batch_op.drop_index("ix_messages_shop_state")
        batch_op.drop_index(batch_op.f("ix_messages_shop_id"))
        batch_op.drop_index(batch_op.f("ix_messages_provider_id"))
        batch_op.drop_index("ix_messages_due")
        batch_op.drop_index(batch_op.f("ix_messages_customer_id"))
        batch_op.drop_index(batch_op.f("ix_messages_appointment_id"))
        batch_op.drop_index("ix_messages_address")

    op.drop_table("messages")
    with op.batch_alter_table("estimates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_estimates_shop_id"))
        batch_op.drop_index(batch_op.f("ix_estimates_customer_id"))
        batch_op.drop_index("ix_estimates_asked_at")

    op.drop_table("estimates")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index("ix_documents_waiting")
        batch_op.drop_index(batch_op.f("ix_documents_shop_id"))
        batch_op.drop_index(batch_op.f("ix_documents_appointment_id"))

    op.drop_table("documents")
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confirmations_shop_id"))
        batch_op.drop_index(batch_op.f("ix_confirmations_appointment_id"))

    op.drop_table("confirmations")
    with op.batch_alter_table("cancellations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cancellations_shop_id"))
        batch_op.drop_index(batch_op.f("ix_cancellations_appointment_id"))

    op.drop_table("cancellations")
    with op.batch_alter_table("work_orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_orders_shop_id"))

    op.drop_table("work_orders")
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_openings_shop_id"))

    op.drop_table("openings")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_links_shop_id"))

    op.drop_table("links")
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointments_shop_id"))
        batch_op.drop_index("ix_appointments_follow_up_at")
        batch_op.drop_index("ix_appointments_day")

    op.drop_table("appointments")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_vehicle_id"))
        batch_op.drop_index(batch_op.f("ix_visits_shop_id"))
        batch_op.drop_index(batch_op.f("ix_visits_customer_id"))

    op.drop_table("visits")
    with op.batch_alter_table("vehicles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vehicles_vin"))
        batch_op.drop_index(batch_op.f("ix_vehicles_shop_id"))
        batch_op.drop_index(batch_op.f("ix_vehicles_plate_key"))
        batch_op.drop_index(batch_op.f("ix_vehicles_customer_id"))

    op.drop_table("vehicles")
    with op.batch_alter_table("customer_phones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_phones_number"))

    op.drop_table("customer_phones")
    with op.batch_alter_table("customer_emails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_emails_customer_id"))

    op.drop_table("customer_emails")
    with op.batch_alter_table("customer_addresses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_addresses_customer_id"))

    op.drop_table("customer_addresses")
    with op.batch_alter_table("brandings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_brandings_shop_id"))

    op.drop_table("brandings")
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_files_shop_id"))

    op.drop_table("stored_files")
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_hours_shop_id"))

    op.drop_table("opening_hours")
    with op.batch_alter_table("message_templates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_templates_shop_id"))

    op.drop_table("message_templates")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_shop_id"))

    op.drop_table("memberships")
    with op.batch_alter_table("locations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_locations_shop_id"))

    op.drop_table("locations")
    with op.batch_alter_table("incoming_texts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incoming_texts_worked_at"))
        batch_op.drop_index(batch_op.f("ix_incoming_texts_shop_id"))

    op.drop_table("incoming_texts")
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_index("ix_entries_subject")
        batch_op.drop_index(batch_op.f("ix_entries_shop_id"))

    op.drop_table("entries")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customers_shop_id"))
        batch_op.drop_index(batch_op.f("ix_customers_last_name"))

    op.drop_table("customers")
    with op.batch_alter_table("consent_facts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_facts_shop_id"))
        batch_op.drop_index("ix_consent_facts_number")

    op.drop_table("consent_facts")
    with op.batch_alter_table("closing_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closing_days_shop_id"))

    op.drop_table("closing_days")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_staff_member_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shops_business_id"))

    op.drop_table("shops")
    op.drop_table("staff_members")
    op.drop_table("businesses")
