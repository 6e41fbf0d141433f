/// Colours of a picture, that colour-blind readers can tell apart and that stand out from the ground.
public enum Theme: String, Sendable, CaseIterable {
    /// For a file: the colours are in it.
    case light, dark
    /// For a picture inside a page: the colours are the page's, by ``styleSheet``. Without that they are the light ones.
    case page

    /// The roles that colours play, beside those of series.
    enum Role: String, CaseIterable {
        case background, text, muted, grid
    }

    func color(_ role: Role) -> String {
        switch self {
        case .light: Self.roles(of: role).light
        case .dark: Self.roles(of: role).dark
        case .page: "var(--chart-\(role.rawValue),\(Self.roles(of: role).light))"
        }
    }

    /// The colour of a series by its number.
    func color(_ index: Int) -> String {
        let index = index % Self.seriesCount
        return switch self {
        case .light: Self.lightSeries[index]
        case .dark: Self.darkSeries[index]
        case .page: "var(--chart-series\(index),\(Self.lightSeries[index]))"
        }
    }

    /// A colour between that of the best, 0, and that of the worst, 1, which also differ in how light they are.
    func shade(_ share: Double) -> String {
        let index = Int((min(max(share, 0), 1) * Double(Self.lightShades.count - 1)).rounded())
        return switch self {
        case .light: Self.lightShades[index]
        case .dark: Self.darkShades[index]
        case .page: "var(--chart-shade\(index),\(Self.lightShades[index]))"
        }
    }

    /// Beyond the colours that there are, lines are broken too.
    func dashes(_ index: Int) -> String? {
        let round = index / Self.seriesCount
        return round == 0 ? nil : ["6 3", "2 3", "8 3 2 3"][(round - 1) % 3]
    }

    /// What a page that has charts in it needs: the colours for a light and a dark ground, as the reader's system has
    /// it, or as `data-theme` of the root element says.
    public static var styleSheet: String {
        """
        :root{color-scheme:light dark;\(variables(.light))}
        @media (prefers-color-scheme:dark){:root{\(variables(.dark))}}
        :root[data-theme=light]{color-scheme:light;\(variables(.light))}
        :root[data-theme=dark]{color-scheme:dark;\(variables(.dark))}
        """
    }

    private static func variables(_ theme: Theme) -> String {
        let roles = Role.allCases.map { "--chart-\($0.rawValue):\(theme.color($0))" }
        let series = (0..<seriesCount).map { "--chart-series\($0):\(theme.color($0))" }
        let shades = lightShades.indices.map {
            "--chart-shade\($0):\(theme == .light ? lightShades[$0] : darkShades[$0])"
        }
        return (roles + series + shades).joined(separator: ";")
    }

    private static func roles(of role: Role) -> (light: String, dark: String) {
        switch role {
        case .background: ("#ffffff", "#16181d")
        case .text: ("#1b1f24", "#e6e8eb")
        case .muted: ("#5b636d", "#a2a9b3")
        case .grid: ("#e4e7eb", "#2c3038")
        }
    }

    static var seriesCount: Int { lightSeries.count }

    // After Okabe and Ito (2008) and Tol (2021). Of each list, all have a contrast of 3 and more with their ground, and
    // no two come closer than 20 in CIE Lab as protanopes and deuteranopes see them (Machado et al. 2009).
    static let lightSeries = ["#0072b2", "#d55e00", "#aa3377", "#2a9db8", "#332288", "#5b3a00", "#000000"]
    static let darkSeries = ["#56b4e9", "#e69f00", "#009e73", "#ffffff", "#b8e986", "#5f7fff", "#a87400"]

    private static let lightShades = ["#0b2a5b", "#1f5a91", "#4b7f94", "#8a8456", "#b8862f", "#d08a1d"]
    private static let darkShades = ["#5aa9ff", "#7fa3d6", "#989ca8", "#ab977c", "#c99a55", "#f0b040"]
}
