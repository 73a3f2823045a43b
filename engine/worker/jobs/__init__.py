"""One module a kind of job: a function that takes the session, the request and a Reporter, and returns the Done."""

from engine.worker.hub_messages import HubJob
from engine.worker.jobs import addition, compare, generate, inspect, library, load, loading, text, weighing
from engine.worker.library_messages import (
    AddModels,
    ChangeModel,
    HashModel,
    ListModels,
    LookElsewhere,
    ReadModel,
)
from engine.worker.loading_messages import KeepLoading, PlanLoad, WeighModels
from engine.worker.protocol import (
    AddNumbers,
    CompareNext,
    CompareText,
    Complete,
    Done,
    ExplainToken,
    FullLogits,
    Generate,
    GrowTree,
    Job,
    LayOut,
    LoadModel,
    NameTokens,
    NextToken,
    ReadText,
    Replay,
    Score,
    ScorePrompt,
    Tokenize,
)
from engine.worker.reporter import Reporter
from engine.worker.session import Session


def run(session: Session, request: Job, reporter: Reporter) -> Done:
    """Run a job of any kind. Raises UserError, Cancelled, or whatever a bug raises."""
    match request:
        case LoadModel():
            return load.run(session, request, reporter)
        case Generate():
            return generate.run_chat(session, request, reporter)
        case Complete():
            return generate.run_text(session, request, reporter)
        case Score():
            return inspect.run_score(session, request, reporter)
        case FullLogits():
            return inspect.run_logits(session, request, reporter)
        case ScorePrompt():
            return inspect.run_prompt(session, request, reporter)
        case Replay():
            return inspect.run_replay(session, request, reporter)
        case NameTokens():
            return inspect.run_names(session, request, reporter)
        case LayOut():
            return inspect.run_lay_out(session, request, reporter)
        case Tokenize():
            return inspect.run_tokenize(session, request, reporter)
        case NextToken():
            return text.run_next(session, request, reporter)
        case ReadText():
            return text.run_read(session, request, reporter)
        case ExplainToken():
            return text.run_explain(session, request, reporter)
        case GrowTree():
            return text.run_tree(session, request, reporter)
        case CompareText():
            return compare.run_text(session, request, reporter)
        case CompareNext():
            return compare.run_next(session, request, reporter)
        case AddNumbers():
            return addition.run(session, request, reporter)
        case PlanLoad() | KeepLoading():
            return loading.run(request, reporter)
        case WeighModels():
            return weighing.run(request, reporter)
        case ListModels() | AddModels() | ChangeModel() | ReadModel() | HashModel() | LookElsewhere():
            return library.run(request, reporter)
        case _:
            return _run_hub(session, request, reporter)


def _run_hub(session: Session, request: HubJob, reporter: Reporter) -> Done:
    from engine.worker.jobs import hub  # a process that never asks the Hub does without its library

    return hub.run(session, request, reporter)
