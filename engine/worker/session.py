"""What a worker holds between jobs: the loaded model and what belongs to it."""

from engine.errors import UserError
from engine.inference.language_model import LanguageModel
from engine.inference.prompt import PromptBuilder


class Session:
    """At most one model."""

    def __init__(self) -> None:
        self._model: LanguageModel | None = None
        self._prompts: PromptBuilder | None = None

    @property
    def model(self) -> LanguageModel:
        """Raises UserError where none is loaded."""
        if self._model is None:
            raise UserError("no-model", "No model is loaded.", "Choose a model first.")
        return self._model

    @property
    def prompts(self) -> PromptBuilder:
        """Raises UserError where no model is loaded."""
        if self._prompts is None:
            raise UserError("no-model", "No model is loaded.", "Choose a model first.")
        return self._prompts

    def unload(self) -> bool:
        """Free the model; false where there was none."""
        if self._model is None:
            return False
        self._model.close()
        self._model = self._prompts = None
        return True

    def take(self, model: LanguageModel) -> None:
        """The model is this session's from now on."""
        self._model = model
        self._prompts = PromptBuilder(model.vocabulary, model.info.chat_template)
