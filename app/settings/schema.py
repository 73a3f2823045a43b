"""All settings: type, range, default, title and sentence, declared once. File, page and validation are made from this."""

from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from app.translation import QT_TRANSLATE_NOOP
from engine.records import GenerationSettings, SamplingSettings
from engine.sampling.registry import default_settings

VERSION = 1

Applies = Literal["now", "load", "reply", "conversation", "start"]
Group = Literal["look", "model", "replies", "hub", "data"]

GROUPS: dict[Group, str] = {
    "look": QT_TRANSLATE_NOOP("settings", "Appearance"),
    "model": QT_TRANSLATE_NOOP("settings", "Model"),
    "replies": QT_TRANSLATE_NOOP("settings", "Replies"),
    "hub": QT_TRANSLATE_NOOP("settings", "Hugging Face"),
    "data": QT_TRANSLATE_NOOP("settings", "Data"),
}
WHEN: dict[Applies, str] = {
    "now": "",
    "load": QT_TRANSLATE_NOOP("settings", "Takes effect when a model is loaded."),
    "reply": QT_TRANSLATE_NOOP("settings", "Takes effect with the next reply."),
    "conversation": QT_TRANSLATE_NOOP("settings", "For new conversations; each has its own beside the samplers."),
    "start": QT_TRANSLATE_NOOP("settings", "Takes effect the next time Próxima starts."),
}


def _extra(
    group: Group,
    applies: Applies = "now",
    *,
    labels: dict[str, str] | None = None,
    special: str = "",
    suffix: str = "",
    step: int = 1,
    picker: Literal["", "folder", "model"] = "",
) -> dict[str, Any]:
    return {
        "group": group,
        "applies": applies,
        "labels": labels or {},
        "special": special,
        "suffix": suffix,
        "step": step,
        "picker": picker,
    }


class Attached(msgspec.Struct, frozen=True):
    """A LoRA adapter that a person put beside a model. One that is off keeps its scale."""

    name: str
    path: str
    scale: float = 1.0
    on: bool = True


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The values. ``Meta`` of each field carries what the page shows; ``extra`` is read through ``fields()``."""

    language: Annotated[
        Literal["system", "en", "pt_BR"],
        Meta(
            title=QT_TRANSLATE_NOOP("settings", "Language"),
            description=QT_TRANSLATE_NOOP("settings", "The language of menus, buttons and explanations."),
            extra=_extra(
                "look",
                labels={
                    "system": QT_TRANSLATE_NOOP("settings", "Same as the system"),
                    "en": "English",
                    "pt_BR": "Português (Brasil)",
                },
            ),
        ),
    ] = "system"
    theme: Annotated[
        Literal["system", "light", "dark"],
        Meta(
            title=QT_TRANSLATE_NOOP("settings", "Theme"),
            description=QT_TRANSLATE_NOOP("settings", "Light or dark colours, or whichever the system uses."),
            extra=_extra(
                "look",
                labels={
                    "system": QT_TRANSLATE_NOOP("settings", "Same as the system"),
                    "light": QT_TRANSLATE_NOOP("settings", "Light"),
                    "dark": QT_TRANSLATE_NOOP("settings", "Dark"),
                },
            ),
        ),
    ] = "system"
    text_size: Annotated[
        int,
        Meta(
            ge=80,
            le=160,
            title=QT_TRANSLATE_NOOP("settings", "Text size"),
            description=QT_TRANSLATE_NOOP("settings", "How large text is drawn, beside the scaling of the screen."),
            extra=_extra("look", suffix=" %", step=10),
        ),
    ] = 100
    reduced_motion: Annotated[
        bool,
        Meta(
            title=QT_TRANSLATE_NOOP("settings", "Reduced motion"),
            description=QT_TRANSLATE_NOOP("settings", "Bars and panels change at once instead of moving."),
            extra=_extra("look"),
        ),
    ] = False
    default_model: Annotated[
        str,
        Meta(
            title=QT_TRANSLATE_NOOP("settings", "Default model"),
            description=QT_TRANSLATE_NOOP(
                "settings", "The model that is loaded when Próxima starts, whichever was used last."
            ),
            extra=_extra("model", "start", special=QT_TRANSLATE_NOOP("settings", "The built-in model"), picker="model"),
        ),
    ] = ""
    context_length: Annotated[
        int,
        Meta(
            ge=0,
            le=1_048_576,
            title=QT_TRANSLATE_NOOP("settings", "Context length"),
            description=QT_TRANSLATE_NOOP(
                "settings",
                "How many tokens of the conversation the model can see; more takes more memory. "
                "Automatic is what the model was trained for, up to 8,192, and less where memory is short. "
                "Each model can have its own, on the Models page.",
            ),
            extra=_extra("model", "load", special=QT_TRANSLATE_NOOP("settings", "Automatic"), step=512),
        ),
    ] = 0
    threads: Annotated[
        int,
        Meta(
            ge=0,
            le=512,
            title=QT_TRANSLATE_NOOP("settings", "Threads"),
            description=QT_TRANSLATE_NOOP(
                "settings",
                "How many processor threads compute a reply. Automatic is one for each physical core.",
            ),
            extra=_extra("model", "load", special=QT_TRANSLATE_NOOP("settings", "Automatic")),
        ),
    ] = 0
    gpu_layers: Annotated[
        int,
        Meta(
            ge=-1,
            le=1000,
            title=QT_TRANSLATE_NOOP("settings", "Layers on the graphics card"),
            description=QT_TRANSLATE_NOOP(
                "settings",
                "How many layers of the model are computed there, where there is a card that can; 0 uses the processor alone.",
            ),
            extra=_extra("model", "load", special=QT_TRANSLATE_NOOP("settings", "All that fit")),
        ),
    ] = -1
    record_candidates: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            title=QT_TRANSLATE_NOOP("settings", "Candidates recorded for each token"),
            description=QT_TRANSLATE_NOOP(
                "settings",
                "How many of the most likely next tokens are saved with each token of a reply, so that it can be explained later.",
            ),
            extra=_extra("replies", "reply", special=QT_TRANSLATE_NOOP("settings", "None")),
        ),
    ] = 64
    when_full: Annotated[
        Literal["drop_oldest", "stop"],
        Meta(
            title=QT_TRANSLATE_NOOP("settings", "When the context is full"),
            description=QT_TRANSLATE_NOOP(
                "settings", "A long conversation outgrows what the model can see: what happens then."
            ),
            extra=_extra(
                "replies",
                "conversation",
                labels={
                    "drop_oldest": QT_TRANSLATE_NOOP("settings", "Leave out the oldest messages"),
                    "stop": QT_TRANSLATE_NOOP("settings", "End the reply"),
                },
            ),
        ),
    ] = "drop_oldest"
    offline: Annotated[
        bool,
        Meta(
            title=QT_TRANSLATE_NOOP("settings", "Off-line mode"),
            description=QT_TRANSLATE_NOOP(
                "settings",
                "Nothing is searched and nothing is fetched; downloads wait. Models that are here work as ever.",
            ),
            extra=_extra("hub"),
        ),
    ] = False
    parallel_downloads: Annotated[
        int,
        Meta(
            ge=1,
            le=6,
            title=QT_TRANSLATE_NOOP("settings", "Downloads at once"),
            description=QT_TRANSLATE_NOOP("settings", "How many models are fetched at the same time; others wait."),
            extra=_extra("hub"),
        ),
    ] = 2
    data_folder: Annotated[
        str,
        Meta(
            title=QT_TRANSLATE_NOOP("settings", "Data folder"),
            description=QT_TRANSLATE_NOOP(
                "settings",
                "Where conversations are kept. What is in the present folder stays there when another is chosen.",
            ),
            extra=_extra("data", "start", picker="folder"),
        ),
    ] = ""
    sampling: SamplingSettings = default_settings()
    adapters: dict[str, tuple[Attached, ...]] = {}  # by the path of the model

    def generation(self) -> GenerationSettings:
        """How a new conversation generates."""
        return GenerationSettings(sampling=self.sampling, when_full=self.when_full, candidates=self.record_candidates)


class Field(msgspec.Struct, frozen=True):
    """One setting as the page needs it. special is what the smallest number (or the empty text) means, "" for nothing special."""

    name: str
    type: Literal["choice", "number", "switch", "text"]
    default: Any
    title: str
    sentence: str
    group: Group
    applies: Applies
    choices: tuple[tuple[str, str], ...]  # value, label
    minimum: int
    maximum: int
    step: int
    special: str
    suffix: str
    picker: str


def fields() -> tuple[Field, ...]:
    """Those that have a row on the page, in the order of the schema. Texts are English: translate in context "settings"."""
    hints = get_type_hints(Settings, include_extras=True)
    defaults = Settings()
    return tuple(
        _field(name, hints[name], getattr(defaults, name))
        for name in Settings.__struct_fields__
        if get_origin(hints[name]) is Annotated
    )


def _field(name: str, annotation: Any, default: Any) -> Field:
    plain, meta = get_args(annotation)
    extra = meta.extra
    kind = "choice" if get_origin(plain) is Literal else {int: "number", bool: "switch", str: "text"}[plain]
    return msgspec.convert(
        {
            "name": name,
            "type": kind,
            "default": default,
            "title": meta.title,
            "sentence": meta.description,
            "group": extra["group"],
            "applies": extra["applies"],
            "choices": tuple(extra["labels"].items()),
            "minimum": meta.ge or 0,
            "maximum": meta.le or 0,
            "step": extra["step"],
            "special": extra["special"],
            "suffix": extra["suffix"],
            "picker": extra["picker"],
        },
        Field,
    )


def checked(name: str, value: Any) -> Any:
    """The value as the schema's type. Raises msgspec.ValidationError if it is none or out of range."""
    return msgspec.convert(value, get_type_hints(Settings, include_extras=True)[name])
