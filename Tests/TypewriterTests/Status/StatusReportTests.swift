import Conversation
import Foundation
import Testing

@testable import Typewriter

@Suite struct StatusReportTests {
    private static func report() -> StatusReport {
        let statistics = SessionStatistics()
        statistics.hear(.asked("secret question"), at: 1_000_000_000)
        statistics.hear(.text("secret answer", line: 0), at: 1_250_000_000)
        statistics.hear(
            .finished(.success(Reply(text: "secret answer", finish: .endOfTurn, promptTokens: 3, answerTokens: 41, droppedTurns: 0))), at: 3_250_000_000)
        statistics.hear(.asked("another"), at: 4_000_000_000)
        statistics.hear(.finished(.failure(ConversationError("the \"model\"\n\u{1B}[2J failed"))), at: 5_000_000_000)
        var health = ProcessHealth(root: "/nowhere")
        (health.resident, health.anonymous, health.temperature, health.throttling) = (10 << 20, 3 << 20, 48.25, 0x50005)
        return StatusReport(
            state: .waiting(for: .printer, why: "/dev/usb/lp0: gone"), stateAge: 61_000_000_000, uptime: 7_300_000_000_000, process: 42,
            model: "/a \"b\"/model.gguf", line: 11, counts: statistics.counts, health: health, now: 65_000_000_000)
    }

    @Test func isJSONForPrograms() throws {
        let text = Self.report().text
        let line = try #require(text.split(separator: "\n").first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["state"] as? String == "waiting")
        #expect(object["description"] as? String == "waits for the printer: /dev/usb/lp0: gone")
        #expect(object["state_seconds"] as? Double == 61)
        #expect(object["uptime_seconds"] as? Int == 7300)
        #expect(object["model"] as? String == "/a \"b\"/model.gguf")
        #expect(object["turns"] as? Int == 2)
        #expect(object["resident_bytes"] as? Int == 10 << 20)
        #expect(object["anonymous_bytes"] as? Int == 3 << 20)
        #expect(object["temperature_celsius"] as? Double == 48.3)
        #expect(object["throttling"] as? Int == 0x50005)
        #expect(object["page_line"] as? Int == 11)
        let answer = try #require(object["last_answer"] as? [String: Any])
        #expect(answer["tokens"] as? Int == 41)
        #expect(answer["tokens_per_second"] as? Double == 20)
        #expect(answer["prompt_tokens"] as? Int == 3)
        #expect(answer["wait_seconds"] as? Double == 0.25)
        let error = try #require(object["last_error"] as? [String: Any])
        #expect(error["text"] as? String == "the \"model\"??[2J failed")
        #expect(error["seconds_ago"] as? Int == 60)
    }

    @Test func isLinesForPeople() {
        let lines = Self.report().text.split(separator: "\n").dropFirst().map(String.init)
        #expect(lines == [
            "state      waits for the printer: /dev/usb/lp0: gone, for 61 s",
            "up         2 h 1 min, process 42, version \(platenVersion)",
            "model      /a \"b\"/model.gguf",
            "turns      2",
            "answer     the last one: 41 tokens, 20.0 a second, begun after 0.25 s and 3 tokens to read",
            "memory     10.0 MiB, 3.0 MiB of it its own",
            "heat       48.3 °C",
            "throttled  now: under-voltage, throttled",
            "page       line 12",
            "error      60 s ago: the \"model\"??[2J failed",
        ])
    }

    @Test func saysNothingOfWhatIsUnknown() throws {
        var report = Self.report()
        report.counts = SessionStatistics().counts
        report.health = ProcessHealth(root: "/nowhere")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
        for key in ["last_answer", "last_error", "resident_bytes", "temperature_celsius", "throttling"] { #expect(object[key] is NSNull) }
        #expect(!report.text.contains("heat"))
    }

    @Test func holdsNothingOfTheConversation() {
        #expect(!Self.report().text.contains("secret"))
    }

    @Test func readsWhatTheKernelSays() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "platen-root-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in [
            ("proc/self/status", "Name:\tplatend\nVmRSS:\t   14512 kB\nRssAnon:\t    4001 kB\n"), ("sys/class/thermal/thermal_zone0/temp", "48312\n"),
            ("sys/class/thermal/thermal_zone1/temp", "-274000\n"), ("sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n"),
        ] {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let health = ProcessHealth(root: root.path)
        #expect(health.resident == 14512 << 10)
        #expect(health.anonymous == 4001 << 10)
        #expect(health.temperature == 48.312)
        #expect(health.throttlingDescription == "not now; since the start: under-voltage, throttled")
    }
}
