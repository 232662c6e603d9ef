import Conversation
import Keyboard
import Logging

/// The knobs beside the keys, and what they adjust. One that is not there adjusts nothing, and is tried again.
final class KnobPanel {
    private final class Place {
        let setting: KnobSetting
        /// Nil until it is there.
        var knob: (any Knob)?

        init(_ setting: KnobSetting) { self.setting = setting }
    }

    private let places: [Place]
    /// Those that have to be listened to.
    let keyboards: [any Keyboard]

    init(_ settings: [KnobSetting], _ logger: Logger) throws(TypewriterError) {
        places = settings.map(Place.init)
        var keyboards: [any Keyboard] = []
        for place in places {
            switch place.setting.device {
            case .encoder(let path, let steps):
                keyboards.append(try AwaitedKeyboard("knob \(path)", logger: logger) { () throws(TypewriterError) in
                    do throws(KeyboardError) {
                        let knob = try EncoderKnob(path: path, steps: steps)
                        place.knob = knob
                        return knob
                    } catch {
                        throw TypewriterError(error)
                    }
                })
            case .adc(let path, let low, let high):
                do {
                    place.knob = try ADCKnob(path: path, low: low, high: high)
                } catch {
                    logger.error("\(error); it is tried again with every question")
                }
            }
        }
        self.keyboards = keyboards
    }

    /// As the knobs stand now.
    var adjustments: Adjustments {
        var adjustments = Adjustments()
        for place in places {
            if place.knob == nil, case .adc(let path, let low, let high) = place.setting.device {
                place.knob = try? ADCKnob(path: path, low: low, high: high)
            }
            guard let position = place.knob?.position else { continue }
            place.setting.adjust(&adjustments, position)
        }
        return adjustments
    }
}
