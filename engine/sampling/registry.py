"""All samplers, in the order in which llama.cpp applies them. A new one is a module in stages/ and a line here."""

from engine.errors import UserError
from engine.records import SamplingSettings, StageSettings
from engine.sampling.specification import StageSpec
from engine.sampling.stages import min_p, penalties, temperature, top_k, top_p

STAGES: tuple[StageSpec, ...] = (penalties.SPEC, top_k.SPEC, top_p.SPEC, min_p.SPEC, temperature.SPEC)
_BY_NAME = {stage.name: stage for stage in STAGES}


def stage(name: str) -> StageSpec:
    """The sampler of that name. Raises UserError for an unknown one."""
    try:
        return _BY_NAME[name]
    except KeyError:
        known = ", ".join(_BY_NAME)
        raise UserError("unknown-sampler", f"There is no sampler {name!r}.", f"Known ones are: {known}.") from None


def default_settings() -> SamplingSettings:
    """llama.cpp's defaults, in its order."""
    return SamplingSettings(tuple(StageSettings(spec.name, True, spec.values({})) for spec in STAGES))


def neutral_settings() -> SamplingSettings:
    """Every stage there, none doing anything: the model's own distribution."""
    return SamplingSettings(
        tuple(
            StageSettings(
                spec.name, True, {p.name: p.default if p.neutral is None else p.neutral for p in spec.parameters}
            )
            for spec in STAGES
        )
    )


def greedy_settings() -> SamplingSettings:
    """Always the most likely token."""
    return with_values(neutral_settings(), {("temperature", "temperature"): 0.0})


def with_values(settings: SamplingSettings, changes: dict[tuple[str, str], float]) -> SamplingSettings:
    """Settings with some values changed; keys are (stage, parameter). A stage that is missing is added at the end."""
    stages = list(settings.stages)
    for (name, parameter), value in changes.items():
        for place, item in enumerate(stages):
            if item.name == name:
                stages[place] = StageSettings(name, True, {**item.values, parameter: value})
                break
        else:
            stages.append(StageSettings(name, True, {**stage(name).values({}), parameter: value}))
    return SamplingSettings(tuple(stages), settings.seed)
