import Paper

/// A ruler, what a device has of its own, what it types for what it lacks, and its styles.
enum TestPage {
    static func strikes(_ page: inout Page, _ paper: PaperCapabilities) -> [Strike] {
        page.write(text(paper, columns: page.width)) + page.flush() + page.startLine() + styles + page.newLine()
    }

    private static let styles: [Strike] = [
        .text("plain ", []), .text("bold", .bold), .text(" ", []), .text("underlined", .underline), .text(" ", []), .text("both", [.bold, .underline]),
    ]

    private static func text(_ paper: PaperCapabilities, columns: Int) -> String {
        let ruler = (1...columns).map { $0 % 10 == 0 ? String($0 / 10 % 10) : "." }.joined()
        let glyphs = (paper.repertoire?.glyphs ?? Set(Repertoire.ascii)).filter { $0 != " " }.sorted()
        let own = stride(from: 0, to: glyphs.count, by: columns).map { String(glyphs[$0..<min($0 + columns, glyphs.count)]) }
        return """
            \(ruler)
            \(own.joined(separator: "\n"))

            The quick brown fox jumps over the lazy dog. 0123456789
            “Quotes” ‘single’ «guillemets» – — … • → ← ½ ¼ ¾ ± × ÷ ° € £ § © ™
            ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ
            ĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĹĺĻļĽľŁłŃńŅņŇňŌōŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŹźŻżŽž

            """
    }
}
