import Conversation

/// A knob as a profile describes it.
package struct KnobSetting: Sendable, Equatable {
    package enum Target: String, Sendable, CaseIterable {
        case temperature
        case maximumTokens = "max_tokens"

        var range: ClosedRange<Double> { self == .temperature ? 0...100 : 1...1_048_576 }
    }

    package enum Device: Sendable, Equatable {
        /// A rotary encoder, by its input device.
        case encoder(path: String, steps: Int)
        /// A potentiometer, by the file of its raw value.
        case adc(path: String, low: Double, high: Double)
    }

    package let target: Target
    package let device: Device
    /// The values at the left and the right stop.
    package let from, to: Double

    func adjust(_ adjustments: inout Adjustments, _ position: Double) {
        let value = from + (to - from) * position
        switch target {
        case .temperature: adjustments.temperature = Float(value)
        case .maximumTokens: adjustments.maximumTokens = Int(value.rounded())
        }
    }

    init(_ section: ProfileTable) throws(TypewriterError) {
        var section = section
        guard let target = try section.choice("sets", Target.allCases.map(\.rawValue)).flatMap(Target.init(rawValue:)) else {
            throw section.missing("sets")
        }
        guard let from = try section.number("from", target.range) else { throw section.missing("from") }
        guard let to = try section.number("to", target.range) else { throw section.missing("to") }
        (self.target, self.from, self.to) = (target, from, to)
        let raw = -2_147_483_648.0...2_147_483_647.0
        if let path = try section.text("adc") {
            let (low, high) = (try section.number("low", raw) ?? 0, try section.number("high", raw) ?? 4095)
            guard low != high else { throw section.problem("high", "is the same as low") }
            device = .adc(path: path, low: low, high: high)
        } else if let path = try section.text("device") {
            device = .encoder(path: path, steps: try section.integer("steps", 1...100_000) ?? 24)
        } else {
            throw section.origin.problem("device or adc is missing: the encoder's input device, or the file of an analogue value")
        }
        try section.refuseUnknown()
    }
}
