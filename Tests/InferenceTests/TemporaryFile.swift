import Glibc

/// A path that no file has yet.
func temporaryPath() -> String {
    "/tmp/platen-test-\(getpid())-\(UInt64.random(in: .min ... .max)).gguf"
}

func remove(_ path: String) {
    unlink(path)
}
