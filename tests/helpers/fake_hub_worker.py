"""Stands for the process that speaks with the Hub: keeps what was asked, and says what a test makes it say."""

from PySide6.QtCore import QObject, Signal

from engine.worker.protocol import Done, Failed


class FakeHubWorker(QObject):
    message = Signal(object)
    restarted = Signal()

    def __init__(self):
        super().__init__()
        self.asked, self.cancelled, self.ended = [], [], False

    def submit(self, make):
        job = len(self.asked) + 1
        self.asked.append(make(job))
        return job

    def cancel(self, job):
        self.cancelled.append(job)

    def shutdown(self):
        self.ended = True

    def say(self, event):
        self.message.emit(event)

    def done(self):
        self.message.emit(Done(len(self.asked)))

    def refuse(self, code, text, hint=""):
        self.message.emit(Failed(len(self.asked), code, text, hint))
