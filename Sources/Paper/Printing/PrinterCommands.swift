/// The byte sequences of a printer's language. Data; `PrinterLanguage` knows what they mean.
struct PrinterCommands: Sendable {
    struct Switch: Sendable {
        let on: [UInt8]
        let off: [UInt8]
    }

    /// Ends a sequence that was cut off, and is nothing otherwise: NULs, which fill, or stand for its missing parameters.
    var settle: [UInt8] = []
    /// Puts the printer in its initial state.
    var initialize: [UInt8] = []
    var bold: Switch?
    var underline: Switch?
    /// Before the number of a code page.
    var selectCodePage: [UInt8]?
    /// Carriage return, and what the carriage needs until it is there.
    var carriageReturn: [UInt8] = [0x0D]
    var lineFeed: [UInt8] = [0x0A]
    var backspace: [UInt8] = [0x08]
    var bell: [UInt8] = [0x07]
    var cut: [UInt8] = []
    /// Before the number of columns of dots in two bytes, the lower first, and the dots: puts them on the line.
    var image: [UInt8]?
    /// The carriage return ends all styles.
    var returnEndsStyles = false
    /// Types nothing before the line is complete, and forgets the line when it is initialized.
    var typesWholeLines = false
    var hasStatus = false
    /// Where the language can move by 1/120 inch: the commands for a column's width of `units`, and back one unit.
    var columnWidth: [UInt8]?
    var backUnit: [UInt8] = []
}

private let esc: UInt8 = 0x1B
/// As many as the longest sequence here has bytes behind its first.
private let nuls: [UInt8] = [0, 0, 0]

extension PrinterCommands {
    /// Text, and nothing else.
    static let plain = PrinterCommands()

    /// Epson ESC/P and its predecessors, as in the ESC/P Reference Manual (1997): ESC @ initializes, ESC R 0 takes the American set,
    /// ESC t 1 the table of graphics instead of italics, ESC 6 prints 80h to 9Fh; ESC E/F bold, ESC - n underline.
    static let escp = PrinterCommands(
        settle: nuls, initialize: [esc, 0x40, esc, 0x52, 0, esc, 0x74, 1, esc, 0x36],
        bold: Switch(on: [esc, 0x45], off: [esc, 0x46]),
        underline: Switch(on: [esc, 0x2D, 1], off: [esc, 0x2D, 0]),
        selectCodePage: [esc, 0x74], typesWholeLines: true)

    /// Receipt printers, as in Epson's TM-T88II/T88III Technical Reference Guide: ESC @, ESC E n, ESC - n, ESC t n; GS V 66 0 feeds to the
    /// knife and cuts partially; ESC * 33 puts dots on the line, 24 high. A line feed prints and returns; a carriage return alone does nothing.
    static let escpos = PrinterCommands(
        settle: nuls, initialize: [esc, 0x40],
        bold: Switch(on: [esc, 0x45, 1], off: [esc, 0x45, 0]),
        underline: Switch(on: [esc, 0x2D, 1], off: [esc, 0x2D, 0]),
        selectCodePage: [esc, 0x74], carriageReturn: [], bell: [], cut: [0x1D, 0x56, 66, 0], image: [esc, 0x2A, 33], typesWholeLines: true, hasStatus: true)

    /// Diablo 630 and the daisy wheels that followed it: ESC CR P resets; ESC O bold, ESC & ends it; ESC E underlines, ESC R ends it,
    /// and so does a carriage return; ESC US n makes a column (n-1)/120 inch wide, ESC BS goes back 1/120 inch
    /// (AMT Accel-5350 User's Guide, tables D-2 and D-3; github.com/durgadas311/diablo630).
    static let diablo = PrinterCommands(
        settle: nuls, initialize: [esc, 0x0D, 0x50],
        bold: Switch(on: [esc, 0x4F], off: [esc, 0x26]),
        underline: Switch(on: [esc, 0x45], off: [esc, 0x52]),
        returnEndsStyles: true, columnWidth: [esc, 0x1F], backUnit: [esc, 0x08])

    /// Teletype Model 33: the carriage takes up to 200 ms to return, which at 10 characters a second are two characters that
    /// print nothing, and the paper one.
    static let asr33 = PrinterCommands(carriageReturn: [0x0D, 0, 0], lineFeed: [0x0A, 0])
}
