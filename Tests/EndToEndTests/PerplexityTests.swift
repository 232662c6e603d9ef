import Foundation
import TestSupport
import Testing

@Suite("platen perplexity", .timeLimit(.minutes(20)))
struct PerplexityTests {
    /// llama-perplexity of llama.cpp (2026) says 2.8276 +/- 0.37611 of this model and text, with `-c 64 -b 64`.
    @Test("Perplexity is llama.cpp's", .enabled(if: Places.stories != nil, "needs shared/data/models"))
    func perplexity() throws {
        let stories = try #require(Places.stories)
        try Places.withDirectory { directory in
            let path = directory.appending(path: "text.txt")
            try (Self.text + "\n").write(to: path, atomically: true, encoding: .utf8)
            let outcome = try run("platen", ["perplexity", stories, path.path, "--context", "64"])
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
            #expect(outcome.output.hasPrefix("[1]2.06"))
            let last = try #require(outcome.output.split(separator: "\n").last)
            let figures = last.split(separator: " ").compactMap { Double($0) }
            #expect(last.hasPrefix("Final estimate: PPL = ") && figures.count == 2)
            #expect(abs(figures[0] / 2.8276 - 1) < 0.001 && abs(figures[1] / 0.37611 - 1) < 0.001)

            let limited = try run("platen", ["perplexity", stories, path.path, "--context", "64", "--memory-limit", "1"])
            #expect(limited.status == 71 && limited.errors.hasPrefix("platen perplexity: a context of 64 positions needs "))

            let short = try run("platen", ["perplexity", stories, path.path, "--context", "200"])
            #expect(short.status == 1 && short.errors.contains("at least 400 are needed for a context of 200"))
            let absent = try run("platen", ["perplexity", stories, "no.txt"])
            #expect(absent.status == 1 && absent.errors == "platen perplexity: no.txt: cannot be read: No such file or directory\n")
        }
    }

    private static let text = """
        Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a big red ball. \
        She wanted to play with it, but it was too high. Her mom said, "Lily, let us go home now." Lily was sad, but she said, "Okay, mom."

        The next day, Lily went to the park with her friend Tom. They saw the ball again. Tom was very tall. He took the ball and gave it to \
        Lily. She was very happy. "Thank you, Tom!" she said. They played with the ball all day, and then they went home to eat.
        """
}
