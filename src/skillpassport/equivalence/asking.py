"""One way to ask either question."""

from skillpassport.equivalence.answer import Answer
from skillpassport.equivalence.catalogue import QualificationCatalogue
from skillpassport.equivalence.comparing import compare_level
from skillpassport.equivalence.qualifications import compare_qualification
from skillpassport.equivalence.questions import LevelQuestion, QualificationQuestion
from skillpassport.equivalence.snapshot import RegistrySnapshot

Question = LevelQuestion | QualificationQuestion


def answer_to(
    question: Question, snapshot: RegistrySnapshot, catalogue: QualificationCatalogue | None = None
) -> Answer:
    """Return the answer to a question about a level or a qualification.

    Raises: FrameworkUnknown, EditionUnknown, LevelUnknown
    """
    if isinstance(question, LevelQuestion):
        return compare_level(snapshot, question)
    return compare_qualification(snapshot, question, catalogue)
