import Synchronization

/// Paper that is looked at and not printed on: what a device would strike, drawn as a picture, one for each sheet.
public final class PicturePaper: PaperDevice {
    public let capabilities: PaperCapabilities
    private let columns: Int
    private let pitch: Int
    /// Nil for a roll.
    private let sheetLines: Int?
    private let sheets: Mutex<StruckSheets>

    /// Of a roll, as high as a picture may become.
    private static let rollLines = 200

    /// - Parameters:
    ///   - capabilities: Of the device whose paper this is.
    ///   - columns: Of the paper, where the device does not say.
    ///   - pitch: Characters an inch.
    ///   - sheets: How the paper is cut.
    public init(_ capabilities: PaperCapabilities, columns: Int, pitch: Int, sheets: SheetSettings) {
        self.capabilities = capabilities
        self.columns = max(1, min(columns, capabilities.columns ?? columns))
        self.pitch = max(1, pitch)
        sheetLines = sheets.lines > 0 ? sheets.lines : nil
        self.sheets = Mutex(StruckSheets(capabilities.repertoire, linesOfSheet: sheetLines ?? Self.rollLines))
    }

    public func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool {
        sheets.withLock { sheets in
            for strike in strikes { sheets.type(strike) }
        }
        return true
    }

    /// Draws the sheets.
    /// - Parameter path: Of the first picture; the second's has -2 before its ending, and so on.
    /// - Returns: the paths of the pictures.
    public func write(to path: String) throws(PaperError) -> [String] {
        let sheets = sheets.withLock(\.self)
        var paths: [String] = []
        for index in sheets.sheets.indices where index == 0 || !sheets.sheets[index].isEmpty {
            let path = Self.numbered(path, paths.count + 1)
            try picture(of: index, sheets).draw(sheets.sheets[index]).write(to: path)
            paths.append(path)
        }
        return paths
    }

    /// The first sheet's picture.
    func firstSheet() throws(PaperError) -> Canvas {
        let sheets = sheets.withLock(\.self)
        return try picture(of: 0, sheets).draw(sheets.sheets[0])
    }

    private func picture(of index: Int, _ sheets: StruckSheets) -> SheetPicture {
        SheetPicture(columns: columns, lines: sheetLines ?? max(1, sheets.lines(of: index)), pitch: pitch, isRoll: sheetLines == nil)
    }

    private static func numbered(_ path: String, _ number: Int) -> String {
        guard number > 1 else { return path }
        guard path.hasSuffix(".png") else { return "\(path)-\(number)" }
        return "\(path.dropLast(4))-\(number).png"
    }
}
