import pytest

from desktop.engine.anonymous import Anonymous
from imaging.image import Identity
from tests.make.results import result


@pytest.mark.parametrize(
    ("modality", "left"), [("CT", "CT"), ("RTDOSE", "RTDOSE"), ("MEIER", ""), ("CT MEIER", "")]
)
def test_only_modalities_that_dicom_defines_stay(modality: str, left: str) -> None:
    who = Identity(patient_id="7", modality=modality)
    [hidden] = Anonymous().results([result("/a/1.dcm", 0.5, identity=who)])
    assert hidden.header is not None
    assert hidden.header.identity.modality == left
    assert hidden.header.identity.patient_id == "patient-1"
