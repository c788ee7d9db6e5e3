"""Whose word can make something public, or stop it, proves who they are twice."""

from allauth.mfa.utils import is_mfa_enabled

from ninethirty.core.release import Role
from ninethirty.desk.record.models import Account

NEEDED = frozenset({Role.APPROVER, Role.HEAD_OF_PROFESSION, Role.OPERATOR})


def is_lacking(account: Account) -> bool:
    """Must they set one up before anything else? What lies on paper is all that somebody has who
    comes in by it."""
    return not account.on_paper and account.person.role in NEEDED and not is_mfa_enabled(account)
