import Conversation
import Keyboard

/// The knobs beside the keys, and what they adjust.
final class KnobPanel {
    private let knobs: [(setting: KnobSetting, knob: any Knob)]

    /// Opens the knobs.
    init(_ settings: [KnobSetting]) throws(TypewriterError) {
        var knobs: [(KnobSetting, any Knob)] = []
        for setting in settings {
            do throws(KeyboardError) {
                switch setting.device {
                case .encoder(let path, let steps): knobs.append((setting, try EncoderKnob(path: path, steps: steps)))
                case .adc(let path, let low, let high): knobs.append((setting, try ADCKnob(path: path, low: low, high: high)))
                }
            } catch {
                throw TypewriterError(error)
            }
        }
        self.knobs = knobs
    }

    /// Those that have to be listened to.
    var keyboards: [any Keyboard] { knobs.compactMap { $0.knob as? EncoderKnob } }

    /// As the knobs stand now.
    var adjustments: Adjustments {
        var adjustments = Adjustments()
        for (setting, knob) in knobs {
            guard let position = knob.position else { continue }
            setting.adjust(&adjustments, position)
        }
        return adjustments
    }
}
