extension LanguageModel {
    /// The tokens of rendered segments.
    ///
    /// Text between two explicit tokens is encoded as a whole, so that words and line feeds meet as they did in training.
    /// Only where this would give control tokens that the template did not write (somebody typed `<|im_end|>`) is each
    /// segment encoded alone, and what was typed stays text.
    /// - Parameter opensText: Whether the segments begin the whole text, BOS included.
    package func encode(_ segments: [PromptSegment], opensText: Bool) -> [Int32] {
        var tokens: [Int32] = []
        var startsText = opensText
        if opensText, addsBOS, let bos { tokens.append(bos) }

        var run: [PromptSegment] = []
        func endRun() {
            defer { run = [] }
            guard let first = run.first else { return }
            // A form that writes the opening space itself (Mistral's first) does not get a second one from SentencePiece.
            let starts = startsText && !first.text.hasPrefix(" ")
            tokens += encodeRun(run, startsText: starts)
            startsText = false
        }
        for segment in segments {
            switch segment {
            case .literal, .content:
                run.append(segment)
            case .bos:
                endRun()
                if let bos { tokens.append(bos) }
                startsText = true
            case .eos:
                endRun()
                if let eos { tokens.append(eos) }
                startsText = false
            }
        }
        endRun()
        return tokens
    }

    private func encodeRun(_ run: [PromptSegment], startsText: Bool) -> [Int32] {
        let whole = encode(run.map(\.text).joined(), parseSpecial: true, startsText: startsText)
        var apart: [Int32] = []
        var controlsOfTemplate = 0
        for (index, segment) in run.enumerated() where !segment.text.isEmpty {
            let starts = startsText && index == 0
            switch segment {
            case .content(let text):
                apart += encode(text, parseSpecial: false, startsText: starts)
            default:
                let tokens = encode(segment.text, parseSpecial: true, startsText: starts)
                controlsOfTemplate += tokens.count(where: isControl)
                apart += tokens
            }
        }
        return whole.count(where: isControl) == controlsOfTemplate ? whole : apart
    }
}

extension PromptSegment {
    fileprivate var text: String {
        switch self {
        case .literal(let text), .content(let text): text
        case .bos, .eos: ""
        }
    }
}
