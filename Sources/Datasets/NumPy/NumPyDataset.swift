import Foundation
import Wording

/// Arrays of NumPy in an `.npz` file, under the names that Keras gives them: `x_train` and `x_test` of shape [n],
/// [n, features], [n, height, width] or [n, height, width, channels], `y_train` and `y_test` of shape [n] or [n, 1].
///
/// Bytes are images, which networks see scaled to 0 ... 1. Other numbers are taken as they are, in single precision.
public struct NumPyDataset: DatasetSource {
    public let name: String
    private let file: URL
    private let testShare: Double?

    /// - Parameters:
    ///   - name: what messages and the journal call it.
    ///   - testShare: of each class, where the file has no test arrays.
    public init(name: String, file: URL, testShare: Double?) {
        self.name = name
        self.file = file
        self.testShare = testShare
    }

    public func load(_ request: DatasetRequest) throws -> Dataset {
        let archive = try ZipArchive(.reading(own: file), path: file.path)
        if testShare != nil, archive.names.contains("x_test.npy") {
            throw DatasetError.fault(
                in: file.path, "it has x_test, and the spec asks for a share by \"test\"; allowed: one of the two")
        }
        let training = try split("train", archive)
        let parts: [Split]
        if let testShare {
            let held = try HeldBack(testShare, of: training.split.labels, path: file.path)
            parts = [training.split.selecting(held.training), training.split.selecting(held.test)]
        } else {
            let test = try split("test", archive)
            guard test.shape == training.shape, test.isBytes == training.isBytes else {
                func wording(_ part: Part) -> String { "\(part.shape) of \(part.isBytes ? "bytes" : "numbers")" }
                throw DatasetError.fault(
                    in: file.path,
                    "an example of x_test is \(wording(test)), and one of x_train \(wording(training)); "
                        + "allowed: the same in both")
            }
            parts = [training.split, test.split]
        }
        let classes = parts.flatMap(\.labels).max().map { Int($0) + 1 } ?? 0
        guard classes > 1 else {
            throw DatasetError.fault(in: file.path, "all its labels are 0, and telling apart takes two classes")
        }
        return Dataset(
            name: name, origin: .named(file), checksum: ValueChecksum.of(parts, shape: training.shape),
            classes: classes, shape: training.shape, training: parts[0], test: parts[1])
    }

    private struct Part {
        let split: Split
        /// Of one example.
        let shape: [Int]
        let isBytes: Bool
    }

    private func split(_ title: String, _ archive: ZipArchive) throws -> Part {
        let (inputs, labels) = (try array("x_\(title)", archive), try array("y_\(title)", archive))
        guard (1...4).contains(inputs.shape.count) else {
            throw DatasetError.fault(
                in: inputs.path,
                "its shape is \(inputs.shape); allowed: [n], [n, features], [n, height, width] and "
                    + "[n, height, width, channels]")
        }
        let shape = inputs.shape.count == 1 ? [1] : Array(inputs.shape.dropFirst())
        let classes = try numbers(of: labels, examples: inputs.shape[0])
        let features = shape.reduce(1, *)
        if inputs.isBytes {
            let (storage, offset) = inputs.bytes
            let split = Split(features: features, storage: storage, offset: offset, labels: classes)
            return Part(split: split, shape: shape, isBytes: true)
        }
        let values = inputs.numbers
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw DatasetError.fault(
                in: inputs.path,
                "example \(index / features) has \(values[index]) at its number \(index % features), counted from 0; "
                    + "allowed: finite numbers")
        }
        return Part(
            split: Split(features: features, numbers: values, labels: classes), shape: shape, isBytes: false)
    }

    private func array(_ name: String, _ archive: ZipArchive) throws -> NumPyArray {
        guard let content = try archive.read("\(name).npy") else {
            let found = archive.names.map { $0.hasSuffix(".npy") ? String($0.dropLast(4)) : $0 }
            let advice = name.hasSuffix("_test") ? ", or a share of x_train by \"test\" in the spec" : ""
            throw DatasetError.fault(
                in: file.path,
                "it has no array \(name), but \(found.isEmpty ? "nothing" : found.joined(by: "and")); allowed: x_train, "
                    + "y_train, x_test and y_test\(advice)")
        }
        return try NumPyArray(content, path: "\(file.path), in it \(name)")
    }

    private func numbers(of labels: NumPyArray, examples: Int) throws -> [UInt8] {
        let shape = labels.shape
        if shape.count == 2, shape[1] > 1 {
            throw DatasetError.fault(
                in: labels.path,
                "its shape is \(shape), which looks one-hot; allowed: the number of each class, shape [n] or [n, 1]. "
                    + "Save the array's argmax(axis=1)")
        }
        guard shape.count == 1 || shape.count == 2, labels.isInteger else {
            throw DatasetError.fault(
                in: labels.path,
                "its shape is \(shape)\(labels.isInteger ? "" : ", and its elements are no whole numbers"); allowed: "
                    + "whole numbers of shape [n] or [n, 1]")
        }
        guard shape[0] == examples else {
            throw DatasetError.fault(in: labels.path, "it has \(shape[0]) labels for \(examples) examples")
        }
        let numbers = labels.integers
        if let index = numbers.firstIndex(where: { !(0..<ClassNames.most).contains($0) }) {
            throw DatasetError.fault(
                in: labels.path,
                "label \(index), counted from 0, is \(numbers[index]); allowed: 0 to \(ClassNames.most - 1)")
        }
        return numbers.map { UInt8($0) }
    }
}
