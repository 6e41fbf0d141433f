import Foundation

/// Small files that other programs wrote: NumPy 2.4 and Pillow 13.
enum Fixtures {
    /// 2 × 3 in colour: red, green, blue; (10, 20, 30), (40, 50, 60), (70, 80, 90).
    static let colours = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAGElEQVR4nGP4z8DA8J+BgeE/I5eIHAQAADEzA++e06gjAAAAAElF\
        TkSuQmCC
        """)

    /// 2 × 3 in grey: 0, 50, 100; 150, 200, 250.
    static let greys = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGNkMDJimHbiFwAGggK+LjRbnQAAAABJRU5ErkJggg==
        """)

    /// The colours with opacities 255, 128, 0; 255, 255, 64.
    static let transparent = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAIUlEQVR4nAXBsQEAIAyAMFydnfmln/VzTAgiFuLcZyrqfGoRBq44\
        DqgRAAAAAElFTkSuQmCC
        """)

    /// The colours by a palette.
    static let palette = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAMAAAACBAMAAABvWnspAAAAElBMVEUA/wBGUFooMjwKFB7/AAAAAP+LQjFZAAAADklEQVR4nGN0\
        EGD5dAEABEwCGFbUOpoAAAAASUVORK5CYII=
        """)

    /// The greys with sixteen bits.
    static let deep = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAMAAAACEAAAAADoj+WFAAAAFklEQVR4nGNkYDAyMjJimDbtxIlfvwAWYAV6wwQDowAAAABJRU5E\
        rkJggg==
        """)

    /// 8 × 8, all of grey 100.
    static let greyJPEG = decoded(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMU\
        FRUVDA8XGBYUGBIUFRT/wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF\
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW\
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi\
        4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APNK/9k=
        """)

    /// 8 × 16, all of about (200, 100, 50).
    static let colourJPEG = decoded(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK\
        CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK\
        CgoKCgoKCgr/wAARCAAIABADAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF\
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW\
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi\
        4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC\
        AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm\
        Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq\
        8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDPr+Vz+2AoA//Z
        """)

    /// `numpy.savez_compressed` of `x_train`, 0, 10, …, 150 as bytes of shape [4, 2, 2], `y_train`, [0, 1, 2, 1], and the
    /// first two of each as `x_test` and `y_test`.
    static let archive = decoded(
        """
        UEsDBC0AAAAIAAAAIQAp+Ycq//////////8LABQAeF90cmFpbi5ucHkBABAAkAAAAAAAAABYAAAAAAAAAJvsF+obEMnIUMZQrZ6S\
        WpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6CkZApKmjUKtAHuBi4BKR0zCycQuISsmraOqZBgBQ\
        SwMELQAAAAgAAAAhAL7E/5P//////////wsAFAB5X3RyYWluLm5weQEAEACgAAAAAAAAAEwAAAAAAAAAm+wX6hsQychQxlCtnpJa\
        nFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaJjqaOgq1ChQALgYoYITSTGh8AFBLAwQtAAAACAAAACEA\
        wsq3Ff//////////CgAUAHhfdGVzdC5ucHkBABAAiAAAAAAAAABPAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Ce\
        ll9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CiCkqaNQq0Ae4GLgEpHTMLJxAwBQSwMELQAAAAgAAAAhAH5q+8n/////////\
        /woAFAB5X3Rlc3QubnB5AQAQAJAAAAAAAAAASQAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SS\
        ChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuBihghNIAUEsBAi0DLQAAAAgAAAAhACn5hypYAAAAkAAAAAsAAAAAAAAAAAAAAIAB\
        AAAAAHhfdHJhaW4ubnB5UEsBAi0DLQAAAAgAAAAhAL7E/5NMAAAAoAAAAAsAAAAAAAAAAAAAAIABlQAAAHlfdHJhaW4ubnB5UEsB\
        Ai0DLQAAAAgAAAAhAMLKtxVPAAAAiAAAAAoAAAAAAAAAAAAAAIABHgEAAHhfdGVzdC5ucHlQSwECLQMtAAAACAAAACEAfmr7yUkA\
        AACQAAAACgAAAAAAAAAAAAAAgAGpAQAAeV90ZXN0Lm5weVBLBQYAAAAABAAEAOIAAAAuAgAAAAA=
        """)

    /// Pillow's `resize((4, 3), BILINEAR)` of 5 × 7 pixels in grey, `37 * index % 256`.
    static let smaller: [UInt8] = [20, 78, 146, 204, 25, 83, 151, 209, 30, 88, 156, 214]

    /// Pillow's `resize((6, 4), BILINEAR)` of 2 × 3 pixels in grey: 0, 37, 74; 3, 40, 77.
    static let larger: [UInt8] = [
        0, 9, 28, 46, 65, 74, 1, 10, 29, 47, 66, 75, 2, 11, 30, 48, 67, 76, 3, 12, 31, 49, 68, 77,
    ]

    private static func decoded(_ text: String) -> [UInt8] {
        guard let data = Data(base64Encoded: text) else { fatalError("the fixture is no Base64") }
        return Array(data)
    }
}
