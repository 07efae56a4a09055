"""The library, loaded once for the tests."""

from pathlib import Path

import yaml

from workflows.language import Label, WorkflowSpec
from workflows.machine import Workflow

LIBRARY = Path(__file__).parents[2] / "workflows" / "library"
FILES = sorted(LIBRARY.glob("*.yaml"))

ROLES = {
    "supervisor": Label(zh="督查室", en="the supervision office"),
    "unit_head": Label(zh="单位主要负责同志", en="the unit's head"),
    "unit_liaison": Label(zh="单位联络员", en="the unit's liaison"),
    "leader_in_charge": Label(zh="分管负责同志", en="the leader in charge"),
    "principal_leader": Label(zh="主要负责同志", en="the principal leader"),
    "approver": Label(zh="审批人", en="the approver"),
    "chair": Label(zh="主持人", en="the chair"),
    "owner": Label(zh="责任岗位", en="the post that owes it"),
    "intake": Label(zh="受理席", en="the intake desk"),
    "review_desk": Label(zh="评价受理席", en="the desk of reviews"),
    "referral_officer": Label(zh="移送专员", en="the referral officer"),
    "referral_body": Label(zh="接收机关", en="the receiving body"),
    "reviewer": Label(zh="复核人", en="the reviewer"),
    "rule": Label(zh="规则", en="a rule"),
}


def read(path: Path) -> dict[str, WorkflowSpec]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert list(raw) == ["workflows"]
    return {id: WorkflowSpec.model_validate(each) for id, each in raw["workflows"].items()}


SPECS = {id: spec for path in FILES for id, spec in read(path).items()}
SHELF = {id: Workflow.of(id, spec, ROLES) for id, spec in SPECS.items()}
