/// What `platen status` shows: a line of JSON for programs, and behind it lines for people. The daemon writes both, so that whoever asks needs
/// only to read.
struct StatusReport: Sendable {
    var state: MachineState
    /// Nanoseconds since the state began, and since the daemon did.
    var stateAge: UInt64
    var uptime: UInt64
    var process: Int32
    var model: String
    var line: Int
    var counts: SessionStatistics.Counts
    var health: ProcessHealth
    /// Of `CLOCK_MONOTONIC`, for the age of the last error.
    var now: UInt64

    var text: String { json + "\n" + lines }

    var json: String {
        let answer = counts.lastAnswer.map { answer in
            "{\"tokens\": \(answer.tokens), \"tokens_per_second\": \(number(answer.tokensPerSecond)), \"prompt_tokens\": \(answer.promptTokens), "
                + "\"wait_seconds\": \(number(seconds(answer.wait), 3))}"
        }
        let error = counts.lastError.map { "{\"text\": \(jsonString(harmless($0.text))), \"seconds_ago\": \(number(seconds(age($0.time)), 0))}" }
        let fields: [(String, String)] = [
            ("version", jsonString(platenVersion)), ("process", "\(process)"),
            ("state", jsonString(state.name)), ("description", jsonString(harmless(state.description))),
            ("state_seconds", number(seconds(stateAge))), ("uptime_seconds", number(seconds(uptime), 0)),
            ("model", jsonString(harmless(model))), ("turns", "\(counts.turns)"), ("last_answer", answer ?? "null"),
            ("resident_bytes", health.resident.map(String.init) ?? "null"), ("anonymous_bytes", health.anonymous.map(String.init) ?? "null"),
            ("temperature_celsius", number(health.temperature)), ("throttling", health.throttling.map(String.init) ?? "null"),
            ("page_line", "\(line)"), ("last_error", error ?? "null"),
        ]
        return "{" + fields.map { "\(jsonString($0.0)): \($0.1)" }.joined(separator: ", ") + "}"
    }

    private var lines: String {
        var rows: [(String, String)] = [
            ("state", "\(harmless(state.description)), for \(duration(stateAge))"),
            ("up", "\(duration(uptime)), process \(process), version \(platenVersion)"),
            ("model", harmless(model)),
            ("turns", "\(counts.turns)"),
        ]
        if let answer = counts.lastAnswer {
            let speed = answer.tokensPerSecond.map { ", \(number($0)) a second" } ?? ""
            rows.append(("answer", "the last one: \(answer.tokens) tokens\(speed), begun after \(number(seconds(answer.wait), 2)) s and \(answer.promptTokens) tokens to read"))
        }
        if let resident = health.resident {
            rows.append(("memory", "\(mebibytes(resident))" + (health.anonymous.map { ", \(mebibytes($0)) of it its own" } ?? "")))
        }
        if let temperature = health.temperature { rows.append(("heat", "\(number(temperature)) °C")) }
        if let throttling = health.throttlingDescription { rows.append(("throttled", throttling)) }
        rows.append(("page", "line \(line + 1)"))
        rows.append(("error", counts.lastError.map { "\(duration(age($0.time))) ago: \(harmless($0.text))" } ?? "none"))
        return rows.map { name, value in name + String(repeating: " ", count: 11 - name.count) + value + "\n" }.joined()
    }

    private func age(_ time: UInt64) -> UInt64 { now - min(now, time) }
    private func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }

    private func duration(_ nanoseconds: UInt64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        return switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: "\(seconds / 86400) days"
        }
    }

    private func mebibytes(_ bytes: Int) -> String { "\(number(Double(bytes) / 1_048_576)) MiB" }

    /// With so many digits behind the point; `null` for what is no number.
    private func number(_ value: Double?, _ decimals: Int = 1) -> String {
        guard let value, value.magnitude < 1e12 else { return "null" }
        let scale = [1, 10, 100, 1000][min(decimals, 3)]
        let scaled = Int((value.magnitude * Double(scale)).rounded())
        let digits = String(scaled % scale + scale).dropFirst()
        return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / scale)" + (scale == 1 ? "" : ".\(digits)")
    }

    /// Paths and messages hold what somebody else wrote: nothing of it may work a terminal.
    private func harmless(_ text: String) -> String {
        String(text.prefix(1000).map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? "?" : $0 })
    }
}
