import Paper
import Typewriter

/// The page as it would be struck, in pictures.
enum Preview {
    /// - Parameter strikes: Gives what is to be struck, for a device that can do this.
    /// - Returns: the pictures' paths.
    static func write(_ paper: Settings.PaperSection, to path: String, _ strikes: (PaperCapabilities) throws -> [Strike]) throws -> [String] {
        let picture = try paper.picture()
        let feed = try SheetFeed()
        // A picture's sheets are at hand: nobody has to put them in, and the first is one that was put in just now.
        var sheets = paper.sheets
        sheets.isContinuous = true
        feed.insert()
        let device = try SheetedPaper.wrap(picture, sheets, feed)
        _ = try device.print(strikes(picture.capabilities), stop: StopSignal())
        return try picture.write(to: path)
    }
}
