from landbridge.routing.itineraries.note import Note, NoteKind


def test_a_note_has_its_sources_in_one_text_and_none_where_it_cites_nothing():
    assert Note(NoteKind.CLOSED, "shut", ("P1", "P2")).to_dict() == {
        "kind": "closed",
        "text": "shut",
        "source": "P1;P2",
    }
    assert Note(NoteKind.OPTION, "no effect").to_dict() == {"kind": "option", "text": "no effect", "source": None}


def test_a_kind_is_told_by_its_name():
    assert [kind.value for kind in NoteKind] == [
        *("closed", "trucks", "turns", "containers", "dates", "option", "corridor", "value", "access", "slow")
    ]
