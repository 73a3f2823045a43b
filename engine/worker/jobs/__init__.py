"""One module a kind of job: a function that takes the session, the request and a Reporter, and returns the Done."""

from engine.worker.jobs import generate, inspect, load
from engine.worker.protocol import Complete, Done, FullLogits, Generate, LoadModel, Score, Tokenize
from engine.worker.reporter import Reporter
from engine.worker.session import Session


def run(
    session: Session, request: LoadModel | Generate | Complete | Score | FullLogits | Tokenize, reporter: Reporter
) -> Done:
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
        case Tokenize():
            return inspect.run_tokenize(session, request, reporter)
