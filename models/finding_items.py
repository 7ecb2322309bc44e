"""Bad points become work items: once the inspection is complete, for the desk to finish.

At completion and not at every tap: until then a tap may be a slip, and a list that grows and shrinks under the hands of who prices it is of
no use. What changes afterwards is followed as long as nobody has touched the item; from then on the desk is told and decides. Points of one
job (four worn tyres) are one item: its price is asked once.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select, union_all
from sqlalchemy.orm import selectinload

from models.actor import Actor
from models.authorisation import Authorisation
from models.base import db
from models.finding import Finding, Result
from models.item_line import LONGEST
from models.job import Job
from models.overview_item import OverviewItem
from models.prices import Prices
from models.sheet_line import Category as Rule
from models.work_item import LONGEST_WHY, Category, WorkItem

if TYPE_CHECKING:
    from models.inspection import Inspection


class Group:
    """The findings that one work item says: those of one job, or one that has none. The first that was bad leads."""

    def __init__(self, lead: Finding, findings: Sequence[Finding]) -> None:
        self.lead, self.findings = lead, findings
        self.bad = [finding for finding in findings if finding.is_bad]

    @property
    def category(self) -> Category:
        """The worst of them, by the sheet's rule."""
        rules = {Rule(one.result) if one.category is Rule.by_answer and one.result else one.category for one in self.bad}
        return Category.necessary if Rule.necessary in rules else Category.recommended

    def title(self, job: Job | None) -> str:
        one = self.bad[0]
        return (job.title if job else f"{one.name}: {one.verdict}" if one.verdict else one.name)[:LONGEST]

    def why(self, language: str) -> str:
        """Where there are several, first what was read at each; what they have in common is said once."""
        readings = [f"{one.name}: {one.measured or one.verdict}" for one in self.bad if one.measured or one.verdict]
        words = dict.fromkeys(one.words(language) for one in sorted(self.bad, key=lambda one: one.result is not Result.necessary))
        return "\n".join([*(["; ".join(readings) + "."] if len(self.bad) > 1 and readings else []), *filter(None, words)])[:LONGEST_WHY]

    @property
    def told(self) -> str:
        """What an item of it says, for comparing."""
        return "|".join(f"{one.id}:{one.result}:{one.value}:{one.remark}" for one in self.bad)


def groups(findings: Sequence[Finding]) -> list[Group]:
    """Those that are bad, or were and have an item."""
    together: dict[str, list[Finding]] = {}
    for finding in findings:
        together.setdefault(finding.job or f"#{finding.id}", []).append(finding)
    found = []
    for members in together.values():
        leads = [one for one in members if one.told or one.item_version is not None]
        if leads or any(one.is_bad for one in members):
            found.append(Group((leads or [one for one in members if one.is_bad])[0], members))
    return found


def write_items(inspection: "Inspection", *, by: Actor) -> None:
    """Bring the order's items to what was found; the caller holds the order's lock. Raises Refused: the order has too many items."""
    query = select(WorkItem).where(WorkItem.work_order_id == inspection.work_order_id).options(selectinload(WorkItem.lines))
    items = list(db.session.scalars(query.order_by(WorkItem.position, WorkItem.id)))
    wanted = groups(inspection.findings)
    codes = {group.lead.job for group in wanted} - {""}
    jobs = {job.code: job for job in db.session.scalars(select(Job).where(Job.shop_id == inspection.shop_id, Job.code.in_(codes)))}
    for group in wanted:
        for one in group.findings:
            one.lead_id = None if one is group.lead or not one.is_bad else group.lead.id
        item = next((item for item in items if item.finding_id == group.lead.id), None)
        job = jobs.get(group.lead.job)
        if item is None:
            _begin(inspection, group, items, job if job and not job.is_retired else None, by)
        elif group.told != group.lead.told and is_untouched(item, group.lead):
            _follow(inspection, group, item, job, by)


def is_untouched(item: WorkItem, lead: Finding) -> bool:
    """Whether the item is still as the inspection wrote it, read by no customer, decided by nobody: so that it may follow."""
    if item.version != lead.item_version or item.is_started or item.is_done or (item.removed_at and lead.told):
        return False
    sent = select(OverviewItem.id).where(OverviewItem.work_item_id == item.id)
    decided = select(Authorisation.id).where(Authorisation.work_item_id == item.id)
    return db.session.execute(union_all(sent, decided).limit(1)).first() is None


def _begin(inspection: "Inspection", group: Group, items: Sequence[WorkItem], job: Job | None, by: Actor) -> None:
    """An item of its own; where the job is on the order already (it was booked), that one shows what was found and stays as it is."""
    there = next((item for item in items if job and item.job_code == job.code and not item.removed_at and item.finding_id is None), None)
    if there:
        there.finding_id = group.lead.id
    else:
        order, language = inspection.order, inspection.language
        lines = job.lines(Prices.of(order.visit.shop).labour_rate) if job else ()
        item = WorkItem.add(order, group.title(job), by=by, category=group.category, why=group.why(language), lines=lines, job=job)
        item.finding_id, group.lead.item_version = group.lead.id, item.version
    group.lead.told = group.told


def _follow(inspection: "Inspection", group: Group, item: WorkItem, job: Job | None, by: Actor) -> None:
    """What was bad is fine now, or bad again, or in other words."""
    if not group.bad:
        item.remove(by=by)
    else:
        item.restore(by=by)
        lines, why = [line.line for line in item.lines], group.why(inspection.language)
        item.change(item.version, title=group.title(job), why=why, category=group.category, lines=lines, by=by)
        group.lead.item_version = item.version
    group.lead.told = group.told


def overtaken(inspection: "Inspection") -> list[tuple[WorkItem, Group]]:
    """Items that somebody worked on before the finding changed: they still say what was found then."""
    changed = {group.lead.id: group for group in groups(inspection.findings) if inspection.is_complete and group.told != group.lead.told}
    if not changed:
        return []
    query = select(WorkItem).where(WorkItem.finding_id.in_(changed)).options(selectinload(WorkItem.lines)).order_by(WorkItem.position)
    return [(item, changed[item.finding_id]) for item in db.session.scalars(query) if item.finding_id]


def catch_up(inspection: "Inspection", item: WorkItem, *, take: bool, by: Actor) -> None:
    """The desk has seen the change: the item says it from now on (``take``), or stays as it is. Raises Refused: as ``WorkItem.change``."""
    group = next((group for group in groups(inspection.findings) if group.lead.id == item.finding_id), None)
    if group is None or group.told == group.lead.told:
        return
    if take and group.bad:
        item.restore(by=by)
        lines = [line.line for line in item.lines]
        item.change(
            item.version,
            title=item.title,
            why=group.why(inspection.language),
            category=group.category,
            lines=lines,
            discount_percent=item.discount_percent,
            discount_amount=item.discount_amount,
            by=by,
        )
    elif take:
        item.remove(by=by)
    group.lead.told = group.told
