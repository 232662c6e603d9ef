import Foundation
@testable import Paper
import Synchronization
import Testing

/// Paper that is not there, while nobody prints.
@Suite("Paper that is waited for")
struct AwaitedPrinterTests {
    private static let plain = PrinterProfile(name: "plain", language: .plain)

    @Test("A printer that is plugged in is no longer waited for, before there is something to print", .timeLimit(.minutes(1)))
    func pluggedIn() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-awaited-\(UUID())")
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "lp0").path
        let reports = Mutex<[PrinterReport]>([])
        let device = try PrinterDevice(Self.plain, at: PrinterAddress(path), isPatient: true) { report in reports.withLock { $0.append(report) } }
        let feed = try SheetFeed()
        let sheets = try SheetedPaper.wrap(PaperProgress(device), SheetSettings(lines: 10), feed)
        let printer = try Printer(sheets)
        #expect(reports.withLock { $0.map(\.obstacle) } == ["\(path): No such file or directory"])
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        while reports.withLock(\.count) < 2 { usleep(10_000) }
        #expect(reports.withLock { $0.last } == .goesOn(printer: path))
        #expect(printer.isIdle)
        #expect(device.attend() == nil, "nobody wakes for it any more")
        try printer.print([.text("HELLO", []), .newLine])
        try printer.drain()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "HELLO\r\n")
    }

    @Test("One without paper is looked at while somebody waits, and no longer")
    func obstacle() throws {
        let port = MemoryPort(PlainReader())
        port.state.withLock { $0.obstacles = ["off line", "no paper", "no paper"] }
        let stop = try StopSignal()
        let reports = Mutex<[String?]>([])
        let device = PrinterDevice(Self.plain, port: port) { report in
            reports.withLock { $0.append(report.obstacle) }
            stop.raise()
        }
        #expect(device.attend() == nil, "nobody has asked it for anything")
        #expect(try !device.print([.text("A", []), .newLine], stop: stop))
        #expect(device.attend() == 500_000_000)
        #expect(device.attend() == 500_000_000)
        #expect(device.attend() == nil)
        #expect(reports.withLock(\.self) == ["memory: no paper", "memory: off line", nil])
        #expect(port.bytes.isEmpty)
    }
}
