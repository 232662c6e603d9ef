/// What a key means, whatever device it sits on.
///
/// A key that writes gives `text`; every other key has a name. Which physical key has which
/// meaning is the business of the device (a terminal's escape sequences) or of a layout (a matrix, evdev).
public enum Key: Sendable, Hashable {
    /// One or more characters: a letter, a composed letter, a pasted passage. A line feed in it is a
    /// line break inside the text and never submits it.
    case text(String)
    /// A physical key that has neither text nor name: its Linux input event code (`linux/input-event-codes.h`).
    case code(UInt16)

    case `return`, tab
    case erase, eraseWord, eraseLine
    /// Delete under the cursor. A typewriter has no cursor, so the line editor leaves it alone.
    case delete
    /// Escape: stops the answer.
    case escape
    case up, down, left, right, home, end, pageUp, pageDown, insert
    /// F1 is `function(1)`.
    case function(Int)

    /// A new sheet is in the machine (Ctrl-L on a terminal).
    case page
    /// A contact says that there is no paper in the machine.
    case noPaper
    /// The switch that makes a plain typewriter of the machine, and back.
    case modelOff, modelOn
    /// Forget what was said and begin anew (Ctrl-N on a terminal).
    case newConversation

    /// Ctrl-D: at a terminal, ends the session when the line is empty.
    case endOfText
    /// Ctrl-C: at a terminal, ends the program cleanly; elsewhere, stops the answer or erases the line.
    case interrupt
    /// The device has no more keys to give: the file ended, the terminal hung up. Comes once, last.
    case endOfInput
}
