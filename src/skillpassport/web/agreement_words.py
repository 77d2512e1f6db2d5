"""The words of agreements for people: kinds of instruments, whether they are in force, members."""

from collections.abc import Mapping
from typing import Final

from skillpassport.web.sentences import N_

KINDS: Mapping[str, str] = {
    "blma": N_("Bilateral labour migration agreement"),
    "mra": N_("Mutual recognition agreement"),
    "mutual-recognition": N_("Mutual recognition agreement"),
    "programme": N_("Programme"),
    "skills-partnership": N_("Skills partnership"),
    "mou": N_("Memorandum of understanding"),
    "moc": N_("Memorandum of cooperation"),
    "circular": N_("Agreement on circular migration"),
    "accord": N_("Accord between professional bodies"),
    "convention": N_("Convention"),
    "referencing": N_("Report that compares two frameworks"),
    "comparison": N_("Report that compares two frameworks"),
    "comparability": N_("Report that compares qualifications"),
    "regional-decision": N_("Decision of a regional body"),
    "directive": N_("Directive of the European Union"),
    "passport": N_("Qualifications passport"),
    "g2g-programme": N_("Programme between two governments"),
    "skills-verification": N_("Verification of skills before departure"),
    "code-of-practice": N_("Code of practice"),
}
"""What an instrument is; other kinds are shown as their record calls them."""

STANDINGS: Mapping[str, str] = {
    "in_force": N_("In force"),
    "not_in_force": N_("Not in force"),
    "not_known": N_("Not known to be in force"),
}

MEMBERS: Mapping[str, str] = {
    "sector": N_("Sector"),
    "cost": N_("Who pays"),
    "recognition": N_("Recognition"),
    "training": N_("Training"),
    "quota": N_("Quota"),
    "contract": N_("Contract"),
    "conflict": N_("Where sources disagree"),
    "note": N_("Note"),
    "rule": N_("What it says"),
    "scope": N_("What it covers"),
    "published": N_("Published"),
    "trained": N_("Trained"),
    "tracks": N_("Tracks"),
    "requirements": N_("What is asked of applicants"),
    "funding": N_("Funding"),
    "successor": N_("Followed by"),
    "replaces": N_("Replaces"),
    "duration_years": N_("Years that it lasts"),
    "selection": N_("Selection"),
    "stay": N_("Length of stay"),
    "members": N_("Members"),
    "numbers": N_("Numbers"),
    "wage": N_("Wage"),
    "ratification": N_("Ratification"),
    "other": N_("Further"),
}
"""Members that many records have; others are shown by their own name."""

AGREEMENT_UNKNOWN: Final = N_("No public agreement of this name is registered.")
