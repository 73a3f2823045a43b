"""A recipe: everything that defines a training run, as data."""

import difflib
import math
import re
import tomllib
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import msgspec.inspect

from engine.decoder.config import DecoderConfig
from engine.decoder.lora_config import LoraConfig as LoraConfig
from engine.errors import UserError
from engine.ngram.counts import Smoothing
from engine.resources import resource_path
from engine.runs.presets import preset
from engine.sampling.recommended import RecommendedSampling

#: What a run computes on; auto takes a graphics processor where there is one.
Device = Literal["auto", "cpu", "cuda", "mps"]
RECIPE = "recipe.json"  # in the folder of a run
#: Context lengths, layers and the like are checked with a vocabulary of this size where there is none yet.
_ANY_VOCABULARY = 512


def _at_least(part: msgspec.Struct, low: float, *names: str) -> None:
    for name in names:
        value = getattr(part, name)
        if not low <= value < math.inf:
            raise ValueError(f"{name} is {value}; it must be at least {low}")


def _positive(part: msgspec.Struct, *names: str) -> None:
    for name in names:
        value = getattr(part, name)
        if not 0 < value < math.inf:
            raise ValueError(f"{name} is {value}; it must be more than 0")


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files that are learnt from together. weight is their share of the tokens drawn; limit_mb cuts what is read of them.

    files are paths below the data folder; a folder stands for all that it holds, no files for all of the data; a name after @
    is a shipped text, or one that is made up: @addition, @whole-sums. clean leaves out exact duplicates and what is no text.
    shape "story-requests" makes of each text the answer to someone who asks for that story, "dialogue" of each play its
    speeches in turn.
    """

    name: str
    files: tuple[str, ...] = ()
    weight: float = 1.0
    limit_mb: float = 0.0
    shape: Literal["as-is", "story-requests", "dialogue"] = "as-is"
    clean: bool = True

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\w][\w .-]*", self.name):
            raise ValueError(f"{self.name!r} cannot be the name of a source, since files are named after it")
        _positive(self, "weight")
        _at_least(self, 0, "limit_mb")


class TokenizerPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """kind "bpe" learns vocabulary_size entries from sample_mb of the sources, drawn by weight; "characters" takes what occurs."""

    kind: Literal["bpe", "characters"] = "bpe"
    vocabulary_size: int = 8192
    sample_mb: float = 40.0

    def __post_init__(self) -> None:
        _at_least(self, 1, "vocabulary_size")
        _positive(self, "sample_mb")


class NgramPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The baseline: runs of up to ``order`` tokens counted on ``tokens`` of the texts. order 0 makes none."""

    order: int = 5
    tokens: int = 10_000_000
    smoothing: Smoothing = "kneser-ney"

    def __post_init__(self) -> None:
        _at_least(self, 0, "order", "tokens")


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Learning rate over the steps: up over warmup_steps, then level, then down to final_fraction over the last decay_steps.

    kind "cosine" goes down from the warm-up on. With "stable" a run can be decayed from any checkpoint of the level part.
    """

    kind: Literal["stable", "cosine"] = "cosine"
    warmup_steps: int = 100
    decay_steps: int = 0
    final_fraction: float = 0.05

    def __post_init__(self) -> None:
        _at_least(self, 0, "warmup_steps", "decay_steps", "final_fraction")
        if self.final_fraction > 1:
            raise ValueError(f"final_fraction is {self.final_fraction}; it must be at most 1")


class Optimiser(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind for everything, or Muon for the matrices of the layers and AdamW for the rest (learning_rate is AdamW's).

    beta1 is SGD's momentum too. weight_decay pulls matrices towards zero by themselves; in Adam and SGD it is part of the gradient.
    """

    kind: Literal["sgd", "adam", "adamw", "muon"] = "adamw"
    learning_rate: float = 1e-3
    muon_learning_rate: float = 2e-2
    weight_decay: float = 0.1
    beta1: float = 0.9
    beta2: float = 0.95
    clip: float = 1.0

    def __post_init__(self) -> None:
        _positive(self, "learning_rate", "muon_learning_rate", "clip")
        _at_least(self, 0, "weight_decay", "beta1", "beta2")
        for name in ("beta1", "beta2"):
            if getattr(self, name) >= 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be less than 1")


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """objective "pretraining" learns every token of the text, "instruction" the assistant's tokens of conversations.

    block: tokens in a row; batch: rows in a step of the model; accumulate: such steps to one of the optimiser. start_from: a
    run, checkpoint or GGUF file whose weights and tokenizer are taken; without it [model] gives the shape. lora: the weights
    stay as they are, and an adapter learns beside them. minutes ends the run by the clock, which the learning rate follows on its
    way down; 0 does not. sample_prompts: what the model goes on from at each evaluation, or answers when it is tuned. recompute:
    activations are computed again on the way back instead of kept, which takes less memory and more time. dropout: the share of
    what layers add that is left out in training, which helps where the same texts are read many times. tensorboard: its logs
    are written too, by the package tensorboardX. licence and sampling are written into files that are exported from the run.
    """

    name: str
    title: str
    sources: tuple[Source, ...]
    objective: Literal["pretraining", "instruction"] = "pretraining"
    tokenizer: TokenizerPlan = TokenizerPlan()
    model: dict[str, Any] = {}
    start_from: str = ""
    lora: LoraConfig | None = None
    block: int = 512
    batch: int = 16
    accumulate: int = 1
    steps: int = 1000
    minutes: float = 0.0
    seed: int = 1
    baseline: NgramPlan = NgramPlan()
    optimiser: Optimiser = Optimiser()
    schedule: Schedule = Schedule()
    precision: Literal["bf16", "float32"] = "bf16"
    compile: bool = False
    recompute: bool = False
    dropout: float = 0.0
    device: Device = "auto"
    threads: int = 0
    evaluate_every: int = 200
    evaluation_rows: int = 64
    checkpoint_minutes: float = 10.0
    sample_prompts: tuple[str, ...] = ()
    tensorboard: bool = False
    licence: str = ""
    sampling: RecommendedSampling = RecommendedSampling()

    def __post_init__(self) -> None:
        _at_least(self, 1, "block", "batch", "accumulate", "steps")
        _at_least(self, 0, "minutes", "seed", "threads", "evaluate_every", "evaluation_rows", "checkpoint_minutes")
        _at_least(self, 0, "dropout")
        if self.dropout >= 1:
            raise ValueError(f"dropout is {self.dropout}; it must be less than 1")
        names = [source.name for source in self.sources]
        if not names:
            raise ValueError("there are no [[sources]]")
        if len(set(names)) < len(names):
            raise ValueError("two sources have the same name")
        if "vocabulary_size" in self.model:
            raise ValueError("vocabulary_size belongs into [tokenizer], not into [model]")

    @property
    def needs_data(self) -> bool:
        """Whether there is anything to learn from that does not come with the program."""
        return any(
            not source.files or not all(name.startswith("@") for name in source.files) for source in self.sources
        )

    def check_shape(self) -> None:
        """Raise UserError for a model that cannot be made, before hours are spent on the data."""
        if self.start_from:
            return
        if self.lora is not None:
            raise UserError(
                "recipe-lora",
                f"The recipe {self.name} trains an adapter, which needs a model to stand beside.",
                "Name one with --set start_from=MODEL.",
            )
        if not self.model:
            raise UserError(
                "recipe-model",
                f"The recipe {self.name} says neither what shape the model has nor what to start from.",
                "Give it a [model] part, or name a run with --set start_from=RUN.",
            )
        self.check_context(self.decoder_config(_ANY_VOCABULARY))

    def check_context(self, shape: DecoderConfig) -> None:
        """Raise UserError where the rows are longer than what the model is to be used with."""
        if self.block > shape.context_length:
            raise UserError(
                "recipe-block",
                f"Rows of {self.block} tokens are longer than the model's context of {shape.context_length}.",
                "Set a smaller block, or a larger context_length in [model].",
            )

    def decoder_config(self, vocabulary_size: int) -> DecoderConfig:
        """The shape, with the vocabulary that was found or made. Raises UserError for a shape that cannot be."""
        try:
            return msgspec.convert(
                {"context_length": self.block, **self.model, "vocabulary_size": vocabulary_size},
                DecoderConfig,
                strict=True,
            )
        except msgspec.ValidationError as error:
            raise UserError(
                "recipe-model",
                f"The [model] part of the recipe is wrong{_where(error, DecoderConfig)}.",
                "Mend the recipe.",
            ) from error


def load_recipe(name_or_path: str, overrides: tuple[str, ...] = ()) -> Recipe:
    """Read a shipped recipe by name, or a TOML or JSON file by path; overrides are ``key=value`` with dots for parts.

    ``model`` may be the name of a shape, as in model=12m.

    Raises UserError for an unknown name, a broken file, an unknown key or a value of the wrong kind.
    """
    path = Path(name_or_path)
    if path.suffix not in (".toml", ".json"):
        path = resource_path("recipes", f"{name_or_path}.toml")
    if not path.is_file():
        shipped = ", ".join(sorted(file.stem for file in resource_path("recipes").glob("*.toml")))
        raise UserError("recipe-not-found", f"There is no recipe {name_or_path}.", f"Shipped ones are: {shipped}.")
    whole = False
    try:
        text = path.read_text(encoding="utf-8")
        raw = msgspec.json.decode(text, type=dict) if path.suffix == ".json" else tomllib.loads(text)
        _name_shape(raw)
        whole = _is_recipe(raw)
        for override in overrides:
            _override(raw, override)
            _name_shape(raw)
        return msgspec.convert(raw, Recipe, strict=True)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        if whole:  # by itself
            raise UserError(
                "recipe-override", f"What is to be set is wrong{_where(error)}.", "Check the name and the value."
            ) from error
        raise UserError(
            "recipe-broken", f"The recipe {path.name} is wrong{_where(error)}.", "Mend it and try again."
        ) from error


def read_recipe(run: Path) -> Recipe:
    """The recipe that a run follows; fields that another version wrote are passed over.

    Raises UserError for a folder that holds no run, or one whose recipe cannot be read.
    """
    try:
        return msgspec.convert(without_unknown(msgspec.json.decode((run / RECIPE).read_bytes()), Recipe)[0], Recipe)
    except (OSError, msgspec.MsgspecError) as error:
        raise UserError(
            "no-run", f"{run} holds no training run.", "Name the folder that a training wrote.", str(error)
        ) from error


def without_unknown(value: Any, kind: Any, place: str = "") -> tuple[Any, tuple[str, ...]]:
    """A value as JSON tells it without the fields that the kind of struct, or those in it, do not have; and which those were."""
    shape = msgspec.inspect.type_info(kind) if not isinstance(kind, msgspec.inspect.Type) else kind
    if isinstance(shape, msgspec.inspect.UnionType):
        shape = next((one for one in shape.types if isinstance(one, msgspec.inspect.StructType)), shape)
    unknown: list[str] = []
    if isinstance(shape, msgspec.inspect.StructType) and isinstance(value, dict):
        fields = {field.encode_name: field.type for field in shape.fields}
        unknown += [f"{place}{name}" for name in value if name not in fields]
        known = {}
        for name in (name for name in value if name in fields):
            known[name], more = without_unknown(value[name], fields[name], f"{place}{name}.")
            unknown += more
        return known, tuple(unknown)
    if isinstance(shape, msgspec.inspect.VarTupleType) and isinstance(value, list):
        items = [without_unknown(item, shape.item_type, place) for item in value]
        return [item for item, _ in items], tuple(dict.fromkeys(name for _, more in items for name in more))
    return value, ()


def _is_recipe(raw: Any) -> bool:
    try:
        msgspec.convert(raw, Recipe, strict=True)
    except msgspec.MsgspecError:
        return False
    return True


def _override(raw: dict[str, Any], override: str) -> None:
    key, equals, value = override.partition("=")
    if not equals or not key.strip():
        raise UserError(
            "recipe-override", f"{override!r} does not say what to set.", "Write key=value, for example steps=200."
        )
    try:
        parsed = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        parsed = value.strip()
    *parts, last = key.strip().split(".")
    for part in parts:
        raw = raw.setdefault(part, {})
        if not isinstance(raw, dict):
            raise UserError("recipe-override", f"{part} in {override!r} has no parts of its own.", "Check the key.")
    raw[last] = parsed


def _name_shape(raw: dict[str, Any]) -> None:
    """``model = "12m"`` stands for that shape, and for its vocabulary where the recipe names no other."""
    if isinstance(name := raw.get("model"), str):
        shape = msgspec.structs.asdict(preset(name))
        size = shape.pop("vocabulary_size")
        raw["model"] = shape
        if isinstance(tokenizer := raw.setdefault("tokenizer", {}), dict):
            tokenizer.setdefault("vocabulary_size", size)


def _where(error: Exception, kind: type = Recipe) -> str:
    """What is wrong and where, as the end of a sentence: " at steps: Expected `int`, got `str`"."""
    what, _, place = str(error).partition(" - at `$")
    place = place.removesuffix("`").removeprefix(".")
    known = _known(what, place, kind)
    return f" at {place}: {what}{known}" if place else f": {what}{known}"


def _struct_in(kind: Any) -> Any:
    """The struct of a field that may be left out, or of which there may be several; else the kind itself."""
    return next((one for one in get_args(kind) if isinstance(one, type) and issubclass(one, msgspec.Struct)), kind)


def _known(what: str, place: str, kind: Any) -> str:
    """What could stand where a name is wrong: the values of a choice, or of the fields the most alike."""
    for name in re.sub(r"\[[^]]*\]", "", place).split(".") if place else ():
        fields = get_type_hints(kind) if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else {}
        kind = _struct_in(fields.get(name))
    if what.startswith("Invalid enum value"):
        return f"; there are {', '.join(map(str, get_args(kind)))}"
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", what)
    if unknown and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        names = [field.name for field in msgspec.structs.fields(kind)]
        hints = get_type_hints(kind)
        parts = {name: _struct_in(hints[name]) for name in names if get_origin(hints[name]) is not tuple}
        inside = [
            f"{part}.{unknown[1]}" for part, of in parts.items() if unknown[1] in getattr(of, "__struct_fields__", ())
        ]
        alike = inside or difflib.get_close_matches(unknown[1], names, n=1)
        return f"; did you mean {alike[0]}" if alike else f"; there are {', '.join(names)}"
    return ""
