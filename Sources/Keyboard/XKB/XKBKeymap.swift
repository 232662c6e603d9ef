import CHardware
import Glibc

/// Owns a national layout of libxkbcommon: what its keys are, which modifiers are on, which characters are composed.
///
/// Keys are Linux key codes; XKB's are 8 more (`xkbcommon.h`, "Keycodes"). Its symbols are those of X11 (`xkbcommon-keysyms.h`).
struct XKBKeymap: ~Copyable {
    enum Composition: Equatable {
        /// The symbol stands for itself.
        case none
        case unfinished
        case finished(String)
        /// No character is made of these.
        case cancelled
    }

    enum Modifier { case control, alt, logo }

    private let context: OpaquePointer
    private let keymap: OpaquePointer
    private let state: OpaquePointer
    /// Nil where the tables of libX11 are not installed.
    private let composeState: OpaquePointer?

    /// - Throws: one line about the name that XKB does not know, or the data that is not there.
    init(_ names: XKBNames) throws(KeyboardError) {
        guard let context = xkb_context_new(XKBKeymap.contextFlags) else { throw Self.outOfMemory }
        xkb_context_set_log_level(context, XKB_LOG_LEVEL_CRITICAL)
        guard xkb_context_include_path_append_default(context) == 1 else {
            xkb_context_unref(context)
            throw KeyboardError("there are no keyboard layouts; install the package xkb-data")
        }
        guard let keymap = Self.compile(names, context) else {
            let isVariantUnknown = !names.variant.isEmpty && Self.isKnown(names.withoutVariant, context)
            let list = "the known ones are listed in \(Self.dataDirectories(context).last ?? "")/rules/evdev.lst"
            xkb_context_unref(context)
            guard isVariantUnknown else { throw KeyboardError("keyboard.layout \(names.layout.debugDescription) is unknown; \(list)") }
            throw KeyboardError(
                "keyboard.variant \(names.variant.debugDescription) of layout \(names.layout.debugDescription) is unknown; \(list)")
        }
        if let option = Self.unknownOption(names, context) {
            let list = "the known ones are listed in \(Self.dataDirectories(context).last ?? "")/rules/evdev.lst"
            xkb_keymap_unref(keymap)
            xkb_context_unref(context)
            throw KeyboardError("keyboard.options \(option.debugDescription) is unknown; \(list)")
        }
        guard let state = xkb_state_new(keymap) else {
            xkb_keymap_unref(keymap)
            xkb_context_unref(context)
            throw Self.outOfMemory
        }
        (self.context, self.keymap, self.state) = (context, keymap, state)
        composeState = Self.composeState(context)
    }

    deinit {
        xkb_compose_state_unref(composeState)
        xkb_state_unref(state)
        xkb_keymap_unref(keymap)
        xkb_context_unref(context)
    }

    // MARK: Keys

    /// What the key means with the modifiers as they are; 0 for nothing.
    func symbol(_ code: UInt16) -> UInt32 {
        xkb_state_key_get_one_sym(state, Self.keycode(code))
    }

    /// What the key means without any modifier, in the first layout.
    func plainSymbol(_ code: UInt16) -> UInt32 {
        var symbols: UnsafePointer<UInt32>?
        return xkb_keymap_key_get_syms_by_level(keymap, Self.keycode(code), 0, 0, &symbols) == 1 ? symbols?.pointee ?? 0 : 0
    }

    /// What the key types with the modifiers as they are: with Ctrl, a control character.
    func text(_ code: UInt16) -> String {
        Self.string { xkb_state_key_get_utf8(state, Self.keycode(code), $0, $1) }
    }

    /// What a symbol types, whatever the modifiers.
    static func text(ofSymbol symbol: UInt32) -> String {
        // Unlike the others, this one counts the final zero.
        string { xkb_keysym_to_utf8(symbol, $0, $1) - 1 }
    }

    func press(_ code: UInt16) { xkb_state_update_key(state, Self.keycode(code), XKB_KEY_DOWN) }

    func release(_ code: UInt16) { xkb_state_update_key(state, Self.keycode(code), XKB_KEY_UP) }

    func repeats(_ code: UInt16) -> Bool { xkb_keymap_key_repeats(keymap, Self.keycode(code)) == 1 }

    /// The modifier is on, and not because it takes part in what the key types (as Alt does in some layouts).
    func isActive(_ modifier: Modifier, besides code: UInt16) -> Bool {
        let name =
            switch modifier {
            case .control: XKB_MOD_NAME_CTRL
            case .alt: XKB_MOD_NAME_ALT
            case .logo: XKB_MOD_NAME_LOGO
            }
        let index = xkb_keymap_mod_get_index(keymap, name)
        return xkb_state_mod_index_is_active(state, index, XKB_STATE_MODS_EFFECTIVE) == 1
            && xkb_state_mod_index_is_consumed(state, Self.keycode(code), index) != 1
    }

    var locks: KeyLocks {
        let lamps: [(String, KeyLocks)] = [
            (XKB_LED_NAME_CAPS, .capitals), (XKB_LED_NAME_NUM, .numbers), (XKB_LED_NAME_SCROLL, .scrolling),
        ]
        return lamps.reduce(into: []) { if xkb_state_led_name_is_active(state, $1.0) == 1 { $0.insert($1.1) } }
    }

    // MARK: Composition

    var composes: Bool { composeState != nil }

    func compose(_ symbol: UInt32) -> Composition {
        guard let composeState, xkb_compose_state_feed(composeState, symbol) == XKB_COMPOSE_FEED_ACCEPTED else { return .none }
        switch xkb_compose_state_get_status(composeState) {
        case XKB_COMPOSE_COMPOSING: return .unfinished
        case XKB_COMPOSE_COMPOSED: return .finished(Self.string { xkb_compose_state_get_utf8(composeState, $0, $1) })
        case XKB_COMPOSE_CANCELLED: return .cancelled
        default: return .none
        }
    }

    private static func composeState(_ context: OpaquePointer) -> OpaquePointer? {
        // Sequences are per locale; a daemon has none, and that of en_US is what nearly all UTF-8 locales use.
        let named = ["LC_ALL", "LC_CTYPE", "LANG"].map { (name: String) in getenv(name).map { String(cString: $0) } ?? "" }
        let own = named.first { !$0.isEmpty }
        for locale in [own, "en_US.UTF-8"].compactMap(\.self) where locale.hasSuffix("UTF-8") || locale.hasSuffix("utf8") {
            guard let table = xkb_compose_table_new_from_locale(context, locale, XKB_COMPOSE_COMPILE_NO_FLAGS) else { continue }
            defer { xkb_compose_table_unref(table) }
            return xkb_compose_state_new(table, XKB_COMPOSE_STATE_NO_FLAGS)
        }
        return nil
    }

    // MARK: Names

    private static let contextFlags = xkb_context_flags(
        XKB_CONTEXT_NO_DEFAULT_INCLUDES.rawValue | XKB_CONTEXT_NO_ENVIRONMENT_NAMES.rawValue)
    private static let outOfMemory = KeyboardError("there is no memory left for a keyboard layout")

    private static func compile(_ names: XKBNames, _ context: OpaquePointer) -> OpaquePointer? {
        names.layout.withCString { layout in
            names.variant.withCString { variant in
                names.options.withCString { options in
                    var rules = xkb_rule_names(rules: nil, model: nil, layout: layout, variant: variant, options: options)
                    return xkb_keymap_new_from_names(context, &rules, XKB_KEYMAP_COMPILE_NO_FLAGS)
                }
            }
        }
    }

    private static func isKnown(_ names: XKBNames, _ context: OpaquePointer) -> Bool {
        guard let keymap = compile(names, context) else { return false }
        xkb_keymap_unref(keymap)
        return true
    }

    private static func dataDirectories(_ context: OpaquePointer) -> [String] {
        (0..<xkb_context_num_include_paths(context)).compactMap { xkb_context_include_path_get(context, $0).map { String(cString: $0) } }
    }

    /// XKB itself passes over options that it does not know.
    private static func unknownOption(_ names: XKBNames, _ context: OpaquePointer) -> String? {
        let options = names.options.split(separator: ",").map(String.init)
        guard !options.isEmpty else { return nil }
        var known: Set<String> = []
        for directory in dataDirectories(context) { known.formUnion(words(of: "\(directory)/rules/evdev")) }
        return options.first { !known.contains($0) }
    }

    private static func words(of path: String) -> [String] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var (bytes, piece): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 16384))
        while true {
            let count = fread(&piece, 1, piece.count, file)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return bytes.split { $0 <= UInt8(ascii: " ") }.map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: C

    private static func keycode(_ code: UInt16) -> UInt32 { UInt32(code) + 8 }

    /// What a function writes to a buffer that it gets with its size; it returns the length without the final zero.
    private static func string(_ write: (UnsafeMutablePointer<CChar>, Int) -> Int32) -> String {
        // More than any composed text has: XKB_COMPOSE_MAX_STRING_SIZE in libxkbcommon is 256.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            let count = min(Int(write(start, buffer.count)), buffer.count - 1)
            guard count > 0 else { return "" }
            return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
        }
    }
}
