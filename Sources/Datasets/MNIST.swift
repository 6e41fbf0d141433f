import Foundation

extension IDXDataset {
    /// The handwritten digits of LeCun, Cortes and Burges: 60,000 training and 10,000 test images, 28 × 28.
    public static let mnist = IDXDataset(
        name: "mnist", classes: 10,
        folders: FolderNames(own: ["mnist", "MNIST"], around: ["mnist", "MNIST"], inside: ["raw"]),
        parts: [
            Part(
                fileName: "train-images-idx3-ubyte",
                official: .content("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"), rank: 3),
            Part(
                fileName: "train-labels-idx1-ubyte",
                official: .content("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"), rank: 1),
            Part(
                fileName: "t10k-images-idx3-ubyte",
                official: .content("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"), rank: 3),
            Part(
                fileName: "t10k-labels-idx1-ubyte",
                official: .content("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"), rank: 1),
        ],
        mirrors: [
            URL(string: "https://ossci-datasets.s3.amazonaws.com/mnist/")!,
            URL(string: "https://storage.googleapis.com/cvdf-datasets/mnist/")!,
        ])
}
