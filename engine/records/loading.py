"""Values about loading a model: how it is done, what it takes, and what the machine has. Nothing is computed here."""

from typing import Literal

import msgspec

CacheType = Literal["auto", "f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"]
Switch = Literal["auto", "on", "off"]
WeightsMode = Literal["auto", "mapped", "copied", "locked"]
#: How well something goes into memory, the best first.
Fit = Literal["fits", "tight", "swaps", "too_large"]
FITS: tuple[Fit, ...] = ("fits", "tight", "swaps", "too_large")
#: How llama-cpp-python is built for each kind of graphics card: what is set before it is installed.
GPU_BUILDS = (
    ("NVIDIA (CUDA)", "CMAKE_ARGS=-DGGML_CUDA=on"),
    ("AMD (ROCm)", "CMAKE_ARGS=-DGGML_HIP=on"),
    ("Vulkan", "CMAKE_ARGS=-DGGML_VULKAN=on"),
    ("Apple (Metal)", "CMAKE_ARGS=-DGGML_METAL=on"),
)
GPU_INSTALL = "pip install --force-reinstall --no-cache-dir --no-deps llama-cpp-python"


class LoadSettings(msgspec.Struct, frozen=True):
    """How a model is loaded. The default of each is "auto": chosen at the load, from the file and what memory is free then.

    context_length: tokens, 0 is auto; gpu_layers: -1 is auto; threads: 0 is auto; batch: tokens of a prompt that are computed at
    once, 0 is auto. cache_type: of keys and values. weights: mapped from the file, copied into memory, or mapped and locked there.
    The fields after these are for GGUF files alone.
    """

    context_length: int = 0
    threads: int = 0
    gpu_layers: int = -1
    batch: int = 0
    cache_type: CacheType = "auto"
    flash_attention: Switch = "auto"
    weights: WeightsMode = "auto"

    def over(self, other: "LoadSettings") -> "LoadSettings":
        """These, and where they are auto the other ones."""
        own = {name: getattr(self, name) for name in self.__struct_fields__}
        return msgspec.structs.replace(other, **{n: value for n, value in own.items() if value != getattr(AUTO, n)})


#: Everything chosen at the load.
AUTO = LoadSettings()


class Device(msgspec.Struct, frozen=True):
    """What layers can be computed on, as the installed llama.cpp sees it, with bytes of its memory."""

    name: str
    description: str
    kind: Literal["cpu", "gpu", "integrated", "accelerator"]
    free_bytes: int
    total_bytes: int


class MachineMemory(msgspec.Struct, frozen=True):
    """What a model can have now: main memory that can be had without swapping, swap that is empty, and the devices."""

    free_bytes: int
    total_bytes: int
    free_swap_bytes: int = 0
    devices: tuple[Device, ...] = ()

    @property
    def gpu(self) -> Device | None:
        """The one that layers go to; None where this build of llama.cpp has none."""
        return next((device for device in self.devices if device.kind in ("gpu", "integrated")), None)


class MemoryEstimate(msgspec.Struct, frozen=True):
    """Bytes of main memory: weights, key-value cache for a whole context, buffers to compute in, everything else.

    gpu: what goes to the graphics card's own memory. mapped: of the weights, those that stay in the file and can be read again.
    """

    weights: int
    cache: int
    compute: int
    other: int
    gpu: int = 0
    mapped: int = 0

    @property
    def total(self) -> int:
        """Of main memory."""
        return self.weights + self.cache + self.compute + self.other


class LoadPlan(msgspec.Struct, frozen=True):
    """How a model would be loaded now. settings: without any auto; layers: of the model, those that hold weights.

    correction: what the estimate was multiplied with, from what such models took here before. trained_context: tokens that the
    model was trained with, 0 where the file does not say. cores: of the machine, 0: unknown. backend: the decoder takes folders; of
    the settings it knows context length and threads alone.
    """

    settings: LoadSettings
    estimate: MemoryEstimate
    memory: MachineMemory
    fit: Fit
    layers: int
    correction: float = 1.0
    trained_context: int = 0
    backend: Literal["llama_cpp", "decoder"] = "llama_cpp"
    cores: int = 0

    @property
    def crowded(self) -> bool:
        """Whether so many threads compute that they only wait for each other."""
        return 0 < 2 * self.cores < self.settings.threads

    @property
    def beyond_trained(self) -> bool:
        """Whether the context is longer than the model knows: what lies beyond is read badly."""
        return 0 < self.trained_context < self.settings.context_length


class Speed(msgspec.Struct, frozen=True):
    """Tokens a second of a reply, and of reading a prompt (0: unknown). measured: of this model, else worked out from another.

    source: what the library calls the model that was measured, "" for the bundled one; rough: it is so different that the figure
    says little more than fast or slow. full_tokens_per_s: of a reply at the end of a full context, whose keys and values are
    all read for each token; 0: unknown.
    """

    tokens_per_s: float
    prompt_tokens_per_s: float = 0.0
    measured: bool = False
    source: str = ""
    rough: bool = False
    full_tokens_per_s: float = 0.0


class Prospect(msgspec.Struct, frozen=True):
    """What is known of a load before it: the plan, and how fast the model will be (None where nothing was measured yet).

    resident_bytes: what the last load of this file took on this machine, and expected_bytes what was expected of that; else 0.
    """

    plan: LoadPlan
    speed: Speed | None = None
    resident_bytes: int = 0
    expected_bytes: int = 0
