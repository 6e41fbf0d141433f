/// Colours of a picture, that colour-blind readers can tell apart.
public enum Theme: String, Sendable, CaseIterable {
    case light, dark

    var background: String { self == .light ? "#ffffff" : "#16181d" }
    var text: String { self == .light ? "#1b1f24" : "#e6e8eb" }
    var muted: String { self == .light ? "#5b636d" : "#a2a9b3" }
    var grid: String { self == .light ? "#e4e7eb" : "#2c3038" }

    /// Of series, by Okabe and Ito (2008); on dark ground without its black.
    var series: [String] {
        let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
        return self == .light
            ? colours + ["#7a6f00", "#000000"]
            : ["#56b4e9", "#e69f00", "#3fcf9f", "#e59ac4", "#f0e442", "#ff8c5a", "#7fb8ff", "#ffffff"]
    }

    func color(_ index: Int) -> String { series[index % series.count] }

    /// Beyond the colours that there are, lines are broken too.
    func dashes(_ index: Int) -> String? {
        let round = index / series.count
        return round == 0 ? nil : ["6 3", "2 3", "8 3 2 3"][(round - 1) % 3]
    }
}
