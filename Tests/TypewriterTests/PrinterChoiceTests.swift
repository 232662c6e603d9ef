import Foundation
import Paper
import Testing
@testable import Typewriter

@Suite("Printers that find their profile")
struct PrinterChoiceTests {
    /// A machine with these USB printers: what the kernel's files say of each, from lp0 on.
    private final class Machine {
        let root = NSTemporaryDirectory() + "platen-printers-\(UUID())"

        init(_ printers: [(vendor: String, product: String, id: String)]) throws {
            for (number, printer) in printers.enumerated() {
                let node = "sys/class/usbmisc/lp\(number)"
                try make("dev/usb/lp\(number)", "")
                // The kernel's directory has the device's files one level above the interface's.
                try make("\(node)/idVendor", printer.vendor + "\n")
                try make("\(node)/idProduct", printer.product + "\n")
                try make("\(node)/device/ieee1284_id", printer.id + "\n")
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: root) }

        private func make(_ path: String, _ content: String) throws {
            let url = URL(filePath: root).appending(path: path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try content.write(to: url, atomically: true, encoding: .utf8)
        }

        /// The profile and the device that are chosen.
        func choice(profile: String = "", device: String = "") throws(TypewriterError) -> String {
            let printers = PrinterCandidate.usbPrinters(devices: root + "/dev", system: root + "/sys")
            let device = device.hasPrefix("/dev/usb") ? root + device : device
            let choice = try PrinterChoice(profile: profile, device: device, printers: printers, profiles: PrinterDescription.all())
            return "\(choice.profile) on \(choice.device.hasPrefix(root) ? String(choice.device.dropFirst(root.count)) : choice.device)"
        }
    }

    private static let epson = (vendor: "04b8", product: "0e15", id: "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;")
    private static let receipt = (vendor: "1fc9", product: "2016", id: "MFG:Printer;MDL:POS-80;CMD:ESC/POS;CLS:PRINTER;")
    private static let office = (vendor: "03f0", product: "0517", id: "MFG:Hewlett-Packard;MDL:LaserJet;CMD:PJL,PCL;")

    @Test("The only USB printer is taken, by the profile that has its numbers, or else its language")
    func only() throws {
        #expect(try Machine([Self.epson]).choice() == "epson-tm-t20ii on /dev/usb/lp0")
        #expect(try Machine([Self.receipt]).choice() == "esc-pos on /dev/usb/lp0")
        #expect(try Machine([Self.office]).choice() == "plain on /dev/usb/lp0")
    }

    @Test("What the settings name is not chosen")
    func named() throws {
        let machine = try Machine([Self.office, Self.epson])
        #expect(try machine.choice(device: "/dev/usb/lp1") == "epson-tm-t20ii on /dev/usb/lp1")
        #expect(try machine.choice(profile: "esc-p", device: "/dev/usb/lp1") == "esc-p on /dev/usb/lp1")
        #expect(try machine.choice(device: "/dev/lp0") == "plain on /dev/lp0")
        // Of two the one that the profile is for.
        #expect(try machine.choice(profile: "epson-tm-t20ii") == "epson-tm-t20ii on /dev/usb/lp1")
    }

    @Test("Of several printers one has to be named")
    func several() throws {
        let machine = try Machine([Self.office, Self.receipt])
        let error = #expect(throws: TypewriterError.self) { try machine.choice() }
        #expect(error?.status == .configuration)
        let text = try #require(error).description
        #expect(text.contains("/dev/usb/lp0 Hewlett-Packard LaserJet") && text.contains("/dev/usb/lp1 Printer POS-80"))
    }

    @Test("Where there is none yet, the first that is plugged in is waited for")
    func none() throws {
        #expect(try Machine([]).choice() == "plain on /dev/usb/lp0")
        #expect(try Machine([]).choice(profile: "esc-pos") == "esc-pos on /dev/usb/lp0")
    }

    @Test("A profile that builds upon another does not take over the languages that it is for")
    func commandSets() {
        let names = PrinterDescription.all().filter { !$0.printer.commandSets.isEmpty }.map(\.name)
        #expect(names == ["esc-pos"])
    }
}
