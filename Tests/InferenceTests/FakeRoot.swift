import Glibc

/// A directory that stands in for `/` with the kernel's files in it.
final class FakeRoot {
    let path = "/tmp/platen-test-root-\(getpid())-\(UInt64.random(in: .min ... .max))"
    private var made: [String] = []

    init(_ files: [String: String]) {
        for (name, text) in files {
            var directory = path
            for part in ([""] + name.split(separator: "/").dropLast().map(String.init)) {
                if !part.isEmpty { directory += "/" + part }
                if mkdir(directory, 0o700) == 0 { made.append(directory) }
            }
            let file = path + name
            guard let stream = fopen(file, "w") else { continue }
            fputs(text, stream)
            fclose(stream)
            made.append(file)
        }
    }

    deinit {
        for path in made.sorted(by: { $0.count > $1.count }) { remove(path) }
        for path in made.sorted(by: { $0.count > $1.count }) { rmdir(path) }
    }
}
