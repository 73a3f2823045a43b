"""What the machine says of itself, read as the kernel writes it."""

import os

from engine.inference.devices import devices, memory_now
from engine.inference.machine import decode_threads, graphics_cards, machine_memory, prompt_batch, resident_bytes


def test_memory_is_that_of_the_machine():
    found = machine_memory()
    assert 0 < found.free_bytes <= found.total_bytes
    assert found.total_bytes > 0.9 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def test_what_a_process_holds_grows_with_it():
    before = resident_bytes()
    block = bytearray(b"x" * 50_000_000)
    grown = resident_bytes() - before
    assert 40_000_000 < grown < 200_000_000 and len(block) == 50_000_000
    assert 0 < resident_bytes(os.getpid(), "RssAnon") < resident_bytes()
    assert resident_bytes(999_999_999) == 0


def test_the_processor_is_a_device():
    kinds = [device.kind for device in devices()]
    assert "cpu" in kinds
    assert all(device.name and device.free_bytes <= device.total_bytes for device in devices())
    assert [device.name for device in memory_now().devices] == [device.name for device in devices()]


def test_cards_by_their_maker(tmp_path):
    for name, vendor in (("card0", "0x10de\n"), ("card1", "0x1002\n"), ("card2", "0xffff\n")):
        (tmp_path / name / "device").mkdir(parents=True)
        (tmp_path / name / "device" / "vendor").write_text(vendor)
    (tmp_path / "card0-HDMI-A-1" / "device").mkdir(parents=True)
    (tmp_path / "card0-HDMI-A-1" / "device" / "vendor").write_text("0x10de\n")
    assert graphics_cards(tmp_path) == ["NVIDIA", "AMD"]
    assert graphics_cards(tmp_path / "nothing") == []


def test_batches_and_threads():
    assert [prompt_batch(n, False) for n in (10**6, 10**9)] == [256, 64] and prompt_batch(10**9, True) == 512
    assert decode_threads(10**6) == 1 and decode_threads(10**9) >= 1
