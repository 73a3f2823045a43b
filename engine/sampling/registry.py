"""All samplers, in the order in which llama.cpp applies them. A new one is a module in stages/ and a line here."""

from engine.errors import UserError
from engine.records import SamplingSettings, StageSettings
from engine.sampling.specification import StageSpec
from engine.sampling.stages import (
    adaptive_p,
    dry,
    dynamic_temperature,
    grammar,
    json_schema,
    logit_bias,
    min_p,
    mirostat_1,
    mirostat_2,
    penalties,
    temperature,
    top_k,
    top_n_sigma,
    top_p,
    typical,
    xtc,
)

STAGES: tuple[StageSpec, ...] = (
    grammar.SPEC,
    json_schema.SPEC,
    logit_bias.SPEC,
    penalties.SPEC,
    dry.SPEC,
    top_n_sigma.SPEC,
    top_k.SPEC,
    typical.SPEC,
    top_p.SPEC,
    min_p.SPEC,
    xtc.SPEC,
    temperature.SPEC,
    dynamic_temperature.SPEC,
    mirostat_1.SPEC,
    mirostat_2.SPEC,
    adaptive_p.SPEC,
)
#: Those that ask a grammar engine; wherever they stand in the chain, they are applied first, and only where it takes them.
GRAMMARS = frozenset({grammar.SPEC.name, json_schema.SPEC.name})
_BY_NAME = {stage.name: stage for stage in STAGES}


def stage(name: str) -> StageSpec:
    """The sampler of that name. Raises UserError for an unknown one."""
    try:
        return _BY_NAME[name]
    except KeyError:
        known = ", ".join(_BY_NAME)
        raise UserError("unknown-sampler", f"There is no sampler {name!r}.", f"Known ones are: {known}.") from None


def stage_settings(spec: StageSpec, enabled: bool | None = None) -> StageSettings:
    """A stage with its defaults; whether it is on is its own default too where it is not said."""
    return StageSettings(
        spec.name, spec.starts_on if enabled is None else enabled, spec.values({}), spec.text_values({})
    )


def default_settings() -> SamplingSettings:
    """llama.cpp's defaults, in its order; what does nothing there is off."""
    return SamplingSettings(tuple(stage_settings(spec) for spec in STAGES))


def neutral_settings() -> SamplingSettings:
    """Every stage there, none doing anything: the model's own distribution."""

    def neutral(spec: StageSpec) -> StageSettings:
        values = {p.name: p.default if p.neutral is None else p.neutral for p in spec.parameters}
        return StageSettings(spec.name, spec.starts_on, values, spec.text_values({}))

    return SamplingSettings(tuple(map(neutral, STAGES)))


def completed(settings: SamplingSettings) -> SamplingSettings:
    """The chain with every registered stage in it: those that are missing are off, after what precedes them by default."""
    stages = [item for item in settings.stages if item.name in _BY_NAME]
    order = [spec.name for spec in STAGES]
    for number, spec in enumerate(STAGES):
        if all(item.name != spec.name for item in stages):
            before = [place for place, item in enumerate(stages) if order.index(item.name) < number]
            stages.insert(before[-1] + 1 if before else 0, stage_settings(spec, False))
    return SamplingSettings(tuple(stages), settings.seed)


def greedy_settings() -> SamplingSettings:
    """Always the most likely token."""
    return with_values(neutral_settings(), {("temperature", "temperature"): 0.0})


def with_values(settings: SamplingSettings, changes: dict[tuple[str, str], float]) -> SamplingSettings:
    """Settings with some values changed; by (stage, parameter). The stage is on then; one that is missing comes at the end."""
    stages = list(settings.stages)
    for (name, parameter), value in changes.items():
        for place, item in enumerate(stages):
            if item.name == name:
                stages[place] = StageSettings(name, True, {**item.values, parameter: value}, item.texts)
                break
        else:
            added = stage_settings(stage(name), True)
            stages.append(StageSettings(name, True, {**added.values, parameter: value}, added.texts))
    return SamplingSettings(tuple(stages), settings.seed)
