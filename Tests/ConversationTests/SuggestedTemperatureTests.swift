import Foundation
import GGUF
import TestSupport
import Testing

@testable import Conversation

@Suite(.enabled(if: SharedFiles.stories260K != nil, "needs shared/data/models"))
struct SuggestedTemperatureTests {
    @Test(arguments: [
        (MetadataValue.float32(0.25), 0.25), (.float32(0), 0), (.float32(-1), nil), (.float32(.nan), nil), (.string("hot"), nil), (nil, nil),
    ] as [(MetadataValue?, Float?)])
    func theFilesTemperatureIsReadIfItMakesSense(_ value: MetadataValue?, _ expected: Float?) throws {
        let source = try GGUFFile(path: #require(SharedFiles.stories260K))
        var writer = GGUFWriter()
        for entry in source.metadata { writer.set(entry.key, entry.value) }
        for tensor in source.tensors {
            writer.add(tensor: tensor.name, shape: tensor.shape, type: tensor.type, data: Array(source.bytes(of: tensor)))
        }
        if let value { writer.set("general.sampling.temp", value) }
        let path = FileManager.default.temporaryDirectory.appending(path: "platen-\(UUID()).gguf").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try writer.write(to: path)
        #expect(try OpenModel(path: path).suggestedTemperature == expected)
    }
}
