/// Keys from a terminal, a pipe or a file.
///
/// A terminal is put into raw mode, and put back when this is freed, at `exit`, and by the signals that end a program.
/// Ctrl-C arrives as `Key.interrupt`, so that the program ends cleanly; Ctrl-\ kills it if it does not listen any more.
public final class TerminalKeyboard {
    public init(descriptor: Int32 = 0) throws(KeyboardError) {}
}
