import Foundation
import Nouns

extension Document {
    /// The document as a Jupyter notebook (nbformat 4.5): prose, tables and charts as Markdown cells, the charts attached;
    /// Python as code cells that have not been run.
    ///
    /// Equal documents give equal bytes: a cell's id is its place and a hash of what it says.
    public var jupyter: String {
        var cells: [OrderedJSON] = []
        // What belongs together is one cell: a heading opens a new one, code stands by itself.
        var pending: [Block] = []
        func flush() {
            guard !pending.isEmpty else { return }
            cells.append(Self.markdownCell(pending, at: cells.count))
            pending = []
        }
        for block in blocks {
            switch block {
            case .python(let code, _):
                flush()
                cells.append(Self.codeCell(code, at: cells.count))
            case .heading:
                flush()
                pending.append(block)
            default: pending.append(block)
            }
        }
        flush()
        return OrderedJSON.members([
            "cells": .array(cells),
            "metadata": .members([
                "kernelspec": .members([
                    "display_name": .string("Python 3"), "language": .string("python"), "name": .string("python3"),
                ]),
                "language_info": .members(["name": .string("python")]),
                "title": .string(title),
            ]),
            "nbformat": .integer(4),
            "nbformat_minor": .integer(5),
        ]).text() + "\n"
    }

    private static func markdownCell(_ blocks: [Block], at place: Int) -> OrderedJSON {
        var pictures: [(key: String, value: OrderedJSON)] = []
        let text = blocks.map { block in
            markdown(of: block) { picture in
                let name = "chart\(pictures.count + 1).svg"
                pictures.append((name, .members(["image/svg+xml": .string(picture)])))
                return "attachment:\(name)"
            }
        }.joined(separator: "\n\n")
        var members: [(key: String, value: OrderedJSON)] = [
            ("cell_type", .string("markdown")), ("id", .string(id(of: text, at: place))), ("metadata", .object([])),
        ]
        if !pictures.isEmpty { members.append(("attachments", .object(pictures))) }
        members.append(("source", source(text)))
        return .object(members)
    }

    private static func codeCell(_ code: String, at place: Int) -> OrderedJSON {
        .members([
            "cell_type": .string("code"), "execution_count": .null, "id": .string(id(of: code, at: place)),
            "metadata": .object([]), "outputs": .array([]), "source": source(code),
        ])
    }

    /// Letters, digits and dashes, unique in the notebook.
    private static func id(of text: String, at place: Int) -> String { "cell-\(place)-\(sha256(text).prefix(12))" }

    /// The lines, each with its end.
    private static func source(_ text: String) -> OrderedJSON {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return .array(lines.enumerated().map { .string($1 + ($0 + 1 < lines.count ? "\n" : "")) })
    }
}
