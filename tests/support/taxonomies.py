"""Small classifications, and the package of CSV files in which ESCO comes."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from decimal import Decimal

from skillpassport.frameworks.model import FrameworkId, SourceId
from skillpassport.frameworks.qualifications import FormerName, LearningOutcome, Qualification, Unit
from skillpassport.frameworks.taxonomies.model import (
    Concept,
    ConceptKind,
    Relation,
    RelationKind,
    Scheme,
    TaxonomyContent,
)

ESCO = "http://data.europa.eu/esco"
WELDER = f"{ESCO}/occupation/welder"
PIPE_WELDER = f"{ESCO}/occupation/pipe-welder"
NURSE = f"{ESCO}/occupation/nurse"
GROUP = f"{ESCO}/isco/C7212"
WELDING = f"{ESCO}/skill/welding"
DRAWINGS = f"{ESCO}/skill/drawings"
METALWORK = f"{ESCO}/skill/metalwork"


def esco_files() -> dict[str, str]:
    """Return the files of a package of three occupations and two skills."""
    return {
        "ISCOGroups_en.csv": (
            "conceptType,conceptUri,code,preferredLabel,status,altLabels\n"
            f"ISCOGroup,{ESCO}/isco/C7,7,Craft workers,released,\n"
            f"ISCOGroup,{GROUP},7212,Welders and flame cutters,released,\n"
            f"ISCOGroup,{ESCO}/isco/C2221,2221,Nursing professionals,released,\n"
        ),
        "occupations_en.csv": (
            "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,status,code\n"
            f'Occupation,{WELDER},7212,welder,"arc welder\nflame welder",released,7212.3\n'
            f"Occupation,{PIPE_WELDER},7212,pipe welder,,released,7212.3.1\n"
            f"Occupation,{NURSE},2221,specialist nurse,,released,2221.2\n"
        ),
        "occupations_fr.csv": (
            "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,status,code\n"
            f"Occupation,{WELDER},7212,soudeur/soudeuse,,released,7212.3\n"
            f"Occupation,{NURSE},2221,infirmier spécialiste/infirmière spécialiste,,released,\n"
        ),
        "skills_en.csv": (
            "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,status\n"
            f"KnowledgeSkillCompetence,{WELDING},knowledge,sector-specific,welding,,released\n"
            f"KnowledgeSkillCompetence,{DRAWINGS},skill/competence,cross-sector,"
            "read drawings,interpret drawings,released\n"
        ),
        "skillGroups_en.csv": (
            "conceptType,conceptUri,preferredLabel,altLabels,status,code\n"
            f"SkillGroup,{METALWORK},working metal,,released,S1\n"
        ),
        "skillsHierarchy_en.csv": (
            f"Level 0 URI,Level 1 URI,Level 2 URI,Level 3 URI,Level 0 code\n{METALWORK}\n"
        ),
        "occupationSkillRelations_en.csv": (
            "occupationUri,relationType,skillType,skillUri\n"
            f"{WELDER},essential,knowledge,{WELDING}\n"
            f"{WELDER},optional,skill/competence,{DRAWINGS}\n"
            f"{PIPE_WELDER},essential,skill/competence,{DRAWINGS}\n"
        ),
        "broaderRelationsOccPillar_en.csv": (
            "conceptType,conceptUri,broaderType,broaderUri\n"
            f"ISCOGroup,{GROUP},ISCOGroup,{ESCO}/isco/C7\n"
            f"Occupation,{WELDER},ISCOGroup,{GROUP}\n"
            f"Occupation,{PIPE_WELDER},Occupation,{WELDER}\n"
        ),
    }


def a_package(files: Mapping[str, str | bytes] | None = None, /, **changed: str | None) -> bytes:
    """Return a ZIP of files.

    changed: other content by the beginning of a file's name (`skills_en`), None to leave it out
    """
    found: dict[str, str | bytes] = dict(esco_files() if files is None else files)
    for name, text in changed.items():
        found.pop(f"{name}.csv", None)
        if text is not None:
            found[f"{name}.csv"] = text
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in found.items():
            package.writestr(name, content)
    return written.getvalue()


def a_taxonomy(label: str = "welder", version: str = "1.0") -> TaxonomyContent:
    """Return a classification of one occupation, its group and one skill."""
    return TaxonomyContent(
        scheme=Scheme.ESCO,
        version=version,
        concepts=(
            Concept(
                uri=WELDER,
                kind=ConceptKind.OCCUPATION,
                code="7212.3",
                labels={"en": label, "fr": "soudeur/soudeuse", "ar": "لَحّام"},
                alternatives={"en": ("arc welder",)},
                isco_group="7212",
            ),
            Concept(
                uri=GROUP,
                kind=ConceptKind.OCCUPATION_GROUP,
                code="7212",
                labels={"en": "Welders and flame cutters"},
            ),
            Concept(
                uri=WELDING,
                kind=ConceptKind.SKILL,
                labels={"en": "welding", "fr": "soudage à l'arc"},
                skill_type="knowledge",
                reuse_level="sector-specific",
            ),
        ),
        relations=(
            Relation(source=WELDER, kind=RelationKind.ESSENTIAL, target=WELDING),
            Relation(source=WELDER, kind=RelationKind.BROADER, target=GROUP),
        ),
    )


def a_qualification(
    number: int = 1, title: str = "Diploma in Welding", **others: object
) -> Qualification:
    """Return a qualification of Poland with one alias."""
    values: dict[str, object] = {
        "id": f"PL-{number:04}",
        "title": {"en": title, "pl": f"Dyplom {number}: spawacz"},
        "country": "PL",
        "aliases": (FormerName(text=f"Welder {number}"),),
        "codes": (FormerName(text=f"PRK-{number}", superseded_by="PRK-9"),),
    }
    return Qualification(**(values | others))  # type: ignore[arg-type]


def a_full_qualification() -> Qualification:
    """Return a qualification with something in every member."""
    outcome = LearningOutcome(code="W1", statement={"en": "Welds."}, esco=(WELDING,))
    return Qualification(
        id="PL-full",
        title={"en": "Certificate in Pipe Welding"},
        country="PL",
        sources=(SourceId("S1"),),
        aliases=(FormerName(text="Pipe Welder", valid_until=dt.date(2019, 12, 31)),),
        codes=(FormerName(text="X1", valid_from=dt.date(2020, 1, 1), superseded_by="X2"),),
        awarding_body="The guild",
        framework=FrameworkId("PL:PRK"),
        edition="current",
        level="IV",
        type="certificate",
        isced_f="0715",
        isced_p="354",
        isco=("7212",),
        esco=(WELDER,),
        units=(
            Unit(
                code="U1",
                title={"en": "Pipes"},
                level="IV",
                hours=Decimal("40.5"),
                credits=Decimal(4),
                outcomes=(outcome,),
            ),
        ),
        outcomes=(outcome,),
        hours=Decimal(400),
        credits=Decimal("7.50"),
        assessment=("practical test",),
        quality_assurance="External audit",
        valid_from=dt.date(2015, 1, 1),
        valid_until=dt.date(2030, 12, 31),
    )
