"""JSON schema: made into a grammar, which llama.cpp's own engine follows."""

from engine.sampling.specification import StageSpec, TextSpec
from engine.sampling.stages.grammar import apply

SPEC = StageSpec(
    name="json_schema",
    title="JSON schema",
    sentence="Lets only those tokens come that make the reply JSON of the given form.",
    parameters=(),
    texts=(TextSpec("schema", "Schema", "The form of the reply; {} allows any JSON.", kind="json_schema"),),
    apply=apply,
)
