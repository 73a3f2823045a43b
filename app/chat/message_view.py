"""One message on the screen: header, text, footer, and the editor when it is being edited."""

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.chat.code_copy import CodeCopyButtons
from app.chat.message_body import MessageBody
from app.chat.message_editor import MessageEditor
from app.chat.message_footer import MessageFooter
from app.chat.message_header import HEIGHT as HEADER_HEIGHT
from app.chat.message_header import MessageHeader
from app.chat.reply_facts import reply_facts
from app.chat.shown import Command, ShownMessage
from app.chat.text_view import TextView
from app.chat.token_document import TokenFormat
from app.chat.token_text import TokenRun, TokenText
from app.reading.markdown import find_thoughts
from app.reading.markdown_document import THOUGHTS_LINK
from app.reading.style import ReadingStyle
from app.widgets.formats import percent, visible

_SIDE, _TOP, _BOTTOM, _GAP = 16, 8, 12, 12  # px inside the card at its sides, above and below, and between messages


class MessageView(QWidget):
    """Places its parts by hand: the transcript asks for a height at a width, and nothing else is laid out by that."""

    command = Signal(int, object)
    edited = Signal(int, str)
    height_changed = Signal(int)

    def __init__(self, shown: ShownMessage, style: ReadingStyle, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = shown
        self._style = style
        self._current = False
        self._as_read = False  # what a template puts around the text is shown too
        self._editor: MessageEditor | None = None
        self.body = MessageBody(style, shown.row.content)
        self.text = TextView(self.body.document, style, self)
        self.text.code = self.body.code
        self._copies = CodeCopyButtons(self.text)
        self._header = MessageHeader(self)
        self._footer = MessageFooter(self)
        for part in (self._header, self._footer):
            part.command.connect(self._on_command)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._flush)
        self._has_footer = False
        self.show_message(shown)

    @property
    def shown(self) -> ShownMessage:
        return self._shown

    def show_message(self, shown: ShownMessage) -> None:
        """Show a newer value of the message."""
        self._shown = shown
        row = shown.row
        if not shown.writing:
            self.body.flush()
            self.body.set_content(row.content)
            self._document_changed()
        self._show_header()
        self._has_footer = self._footer.show_message(shown)
        self._footer.setVisible(self._has_footer)
        self.text.set_caret(shown.writing)

    def _show_header(self) -> None:
        row = self._shown.row
        name = self.tr("You") if row.role == "user" else self.tr("Próxima")
        facts = "" if self._shown.writing else reply_facts(row)
        self._header.show_message(self._shown, name, self._note(), facts)
        self.setAccessibleName(f"{name}: {row.content[:500]}")
        self.setAccessibleDescription(facts)

    def set_style(self, style: ReadingStyle) -> None:
        self._style = style
        self.body.set_style(style)
        self._document_changed()
        self.update()

    # --- text and tokens ------------------------------------------------------------------------------------------

    def grow(self, text: str, runs: list[TokenRun]) -> None:
        """Text has arrived; the caller asks for the new height afterwards."""
        wait_s = self.body.grow(text, runs)
        if wait_s and not self._later.isActive():
            self._later.start(int(wait_s * 1000) + 1)
        self.text.code = self.body.code
        self.text.update()

    def know_tokens(self, token_text: TokenText) -> None:
        self.body.know_tokens(token_text)

    def show_tokens(self, token_text: TokenText, format_of: TokenFormat) -> None:
        self.body.show_tokens(token_text, format_of)
        self.text.show_newlines = True
        self._set_as_read(any(run.template for run in token_text.runs))
        self._document_changed()

    def show_reading(self) -> None:
        self.body.show_reading()
        self.text.show_newlines = False
        self._set_as_read(False)
        self._document_changed()

    def _set_as_read(self, as_read: bool) -> None:
        if as_read != self._as_read:
            self._as_read = as_read
            self._show_header()

    def mark_token(self, index: int | None) -> None:
        self.text.set_marks([] if index is None else self.body.token_ranges(index))

    # --- size -----------------------------------------------------------------------------------------------------

    def layout_for(self, width: int) -> int:
        """Place everything for this width; returns the height that is needed."""
        inner = width - 2 * _SIDE
        y = _TOP
        self._header.setGeometry(_SIDE, y, inner, HEADER_HEIGHT)
        y += HEADER_HEIGHT + 2
        if self._editor is not None:
            height = self._editor.wanted_height()
            self._editor.setGeometry(_SIDE, y, inner, height)
            y += height
        else:
            empty = not self.body.content and not self._shown.writing
            height = 0 if empty else self.text.height_for(inner)
            self.text.setGeometry(_SIDE, y, inner, height)
            self._copies.place()
            y += height
        if self._has_footer:
            height = self._footer.height_for(inner)
            self._footer.setGeometry(_SIDE, y, inner, height)
            y += height
        return y + _BOTTOM + _GAP

    # --- editing --------------------------------------------------------------------------------------------------

    def edit(self) -> None:
        """Put an editor in the place of the text."""
        if self._editor is not None:
            return
        self._editor = MessageEditor(self._shown.row.content, self._shown.row.role == "user", self)
        self._editor.accepted.connect(self._accept_edit)
        self._editor.cancelled.connect(self._end_edit)
        self._editor.show()
        self.text.hide()
        self.height_changed.emit(self._shown.id)
        self._editor.start()

    @property
    def editing(self) -> bool:
        return self._editor is not None

    def _accept_edit(self, text: str) -> None:
        self._end_edit()
        if text != self._shown.row.content:
            self.edited.emit(self._shown.id, text)

    def _end_edit(self) -> None:
        if self._editor is not None:
            self._editor.hide()
            self._editor.deleteLater()
            self._editor = None
            self.text.show()
            self.height_changed.emit(self._shown.id)

    # --- pointer and focus ----------------------------------------------------------------------------------------

    def set_current(self, current: bool) -> None:
        """The current message is the one that keyboard and menu act on."""
        if current != self._current:
            self._current = current
            self._header.set_active(current or self.underMouse())
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._header.set_active(True)

    def leaveEvent(self, event: QEvent) -> None:
        self._header.set_active(self._current)

    def open_link(self, link: str) -> bool:
        """Handle a link that belongs to this view itself; false if it leads elsewhere."""
        return link == THOUGHTS_LINK and self.toggle_thoughts()

    def toggle_thoughts(self) -> bool:
        """Unfold or fold the thoughts; false where there are none, or tokens are shown."""
        if self.body.shows_tokens or find_thoughts(self.body.content) is None:
            return False
        self.body.toggle_thoughts()
        self._document_changed()
        self.height_changed.emit(self._shown.id)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        card = QRectF(QRect(0, 0, self.width(), self.height() - _GAP)).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._shown.row.role == "user":
            painter.setPen(QPen(self._style.line, 1))
            painter.setBrush(self._style.card)
            painter.drawRoundedRect(card, 8, 8)
        if self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._style.accent, 2))
            painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def _note(self) -> str:
        row, notes = self._shown.row, []
        if row.role == "assistant" and row.model_name and row.model_name != self.tr("Próxima"):
            notes.append(row.model_name)
        if row.fork is not None:
            said = self.tr("branch at “{0}”, {1}").format(visible(row.fork.piece), percent(row.fork.probability))
            notes.append(said)
        if self._as_read:
            notes.append(self.tr("as the model reads it, with the template's tokens"))
        if self._shown.left_out:
            notes.append(self.tr("left out: did not fit into the context"))
        return " · ".join(notes)

    def _on_command(self, command: Command) -> None:
        if command is Command.EDIT:
            self.edit()
        else:
            self.command.emit(self._shown.id, command)

    def _document_changed(self) -> None:
        if self.text.document is not self.body.document:
            self.text.set_document(self.body.document, self._style)
        else:
            self.text.restyle(self._style)
        self.text.code = self.body.code

    def _flush(self) -> None:
        self.body.flush()
        self._document_changed()
        self.height_changed.emit(self._shown.id)
