/// What an edit of the typed line asks for: on paper, of whoever reads ahead, of the session.
public enum LineEdit: Sendable, Hashable {
    /// This text was added at the line's end.
    case inserted(String)
    /// This text was taken away from the line's end: whole characters as a reader counts them.
    case erased(String)
    /// Return: the line, which is empty again now.
    case submitted(String)
    /// The line is full, or there is nothing to erase.
    case bell
    /// Esc.
    case stopped
    case newConversation
    case page
    /// The keys go to the model, or straight to paper.
    case model(isOn: Bool)
    /// No more will be typed: the end of the input; Ctrl-D on an empty line or Ctrl-C, where keys may say so.
    case ended
}
