"""What models are called by their paths."""

from app.widgets.titles import path_title


def test_a_checkpoint_is_named_with_its_run():
    assert path_title("/runs/fox/checkpoint-0000040/") == "fox, step 40"
    assert path_title(r"C:\runs\fox\checkpoint-7") == "fox, step 7"
    assert path_title("/models/fox.gguf") == "fox.gguf" and path_title("fox") == "fox"
