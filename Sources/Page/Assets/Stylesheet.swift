import Report

/// How pages look: dark and light as the reader's system has it, from a phone's width up.
enum Stylesheet {
    static let text = Theme.styleSheet + "\n" + own

    private static let own = """
        :root {
          color-scheme: light dark;
          --ground: #ffffff; --raised: #f6f7f9; --text: #1b1f24; --muted: #5b636d; --grid: #e4e7eb; --line: #d5d9df;
          --link: #0b57a4; --good: #1a7f46; --busy: #0072b2; --bad: #b3261e; --warn: #8a5a00;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #16181d; --raised: #1e2128; --text: #e6e8eb; --muted: #a2a9b3; --grid: #2c3038; --line: #3a3f49;
            --link: #7fb8ff; --good: #5fd38d; --busy: #56b4e9; --bad: #ff8a80; --warn: #f0c14b;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0; background: var(--ground); color: var(--text);
          font: 15px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif;
        }
        a { color: var(--link); }
        a:not(:hover) { text-decoration-thickness: from-font; text-underline-offset: 2px; }
        :focus-visible { outline: 3px solid var(--busy); outline-offset: 2px; }
        .skip { position: absolute; left: -999px; background: var(--ground); padding: 8px 12px; z-index: 2; }
        .skip:focus { left: 8px; top: 8px; }
        .banner {
          display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; padding: 8px 20px;
          border-bottom: 1px solid var(--line); background: var(--raised);
        }
        .banner nav { flex: 1 1 auto; min-width: 0; }
        .trail { display: flex; flex-wrap: wrap; margin: 0; padding: 0; list-style: none; }
        .trail li { overflow-wrap: anywhere; }
        .trail li + li::before { content: "/"; margin: 0 8px; color: var(--muted); }
        .trail li:first-child a { font-weight: 650; color: var(--text); text-decoration: none; }
        main { max-width: 1360px; margin: 0 auto; padding: 12px 20px 60px; }
        main:focus { outline: none; }
        h1 { font-size: 26px; line-height: 1.25; margin: 12px 0 8px; overflow-wrap: anywhere; }
        h1 small { font-weight: 400; font-size: 15px; color: var(--muted); margin-left: 8px; }
        h2 { font-size: 19px; margin: 34px 0 8px; }
        h3 { font-size: 16px; margin: 22px 0 4px; }
        h4, h5 { font-size: 15px; margin: 12px 0 4px; }
        p { margin: 6px 0; max-width: 75ch; overflow-wrap: anywhere; }
        .lead { font-size: 17px; }
        .muted, .hash { color: var(--muted); }
        .hash { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 13px; }
        .verdict { font-weight: 600; }
        .warning { color: var(--bad); }
        code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 13px; overflow-wrap: anywhere; }
        pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 12px; overflow-x: auto; }
        pre code { overflow-wrap: normal; }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; margin: 8px 0; }
        dt { color: var(--muted); }
        dd { margin: 0; overflow-wrap: anywhere; }
        table { min-width: min(100%, 300px); }
        details { margin: 8px 0; }
        summary { cursor: pointer; color: var(--link); }
        .scroll { overflow-x: auto; margin: 8px 0; }
        table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
        caption { text-align: left; color: var(--muted); padding: 2px 0 4px; font-size: 13px; }
        th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--grid); vertical-align: top; font-weight: 400; }
        thead th { border-bottom: 1px solid var(--line); color: var(--muted); white-space: nowrap; }
        thead th a { color: inherit; }
        .number { text-align: right; white-space: nowrap; }
        tbody tr:hover { background: var(--raised); }
        .experiments { width: 100%; }
        .experiments td, .experiments th { padding-top: 8px; padding-bottom: 8px; }
        .experiments .name { font-weight: 600; font-size: 16px; margin-right: 2px; }
        .question { margin: 2px 0 0; color: var(--muted); }
        .progress { color: var(--muted); font-size: 13px; min-width: 130px; }
        .bar { display: block; width: 130px; height: 8px; margin: 7px 0 3px; }
        .bar .rest { fill: var(--grid); } .bar .completed { fill: var(--good); }
        .bar .running { fill: var(--busy); } .bar .failed { fill: var(--bad); }
        .badge { display: inline-block; padding: 0 8px; border-radius: 9px; border: 1px solid currentColor; font-size: 12px; line-height: 18px; white-space: nowrap; }
        .badge.completed { color: var(--good); } .badge.running { color: var(--busy); }
        .badge.failed { color: var(--bad); } .badge.interrupted { color: var(--warn); } .badge.queued { color: var(--muted); }
        .tags { display: flex; flex-wrap: wrap; gap: 4px 6px; list-style: none; margin: 4px 0; padding: 0; }
        .tags li { border: 1px solid var(--line); border-radius: 6px; padding: 0 8px; font-size: 12px; color: var(--muted); }
        .note { border-left: 3px solid var(--line); padding-left: 12px; margin: 12px 0; }
        .note p:first-child { font-size: 13px; }
        label.inline { flex-direction: row; align-items: center; margin-left: 12px; }
        form { margin: 8px 0; }
        form[role=search], form.range { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: end; }
        label { display: inline-flex; flex-direction: column; font-size: 13px; color: var(--muted); max-width: 100%; }
        input:not([type=checkbox]), select, textarea, button {
          font: inherit; color: var(--text); background: var(--ground); border: 1px solid var(--line);
          border-radius: 6px; padding: 4px 8px; max-width: 100%; min-height: 32px;
        }
        textarea { width: min(75ch, 100%); min-height: 96px; }
        button { background: var(--raised); cursor: pointer; }
        input[type=checkbox] { width: 16px; height: 16px; margin: 0 8px 0 0; vertical-align: -2px; accent-color: var(--busy); }
        .actions { margin: 8px 0; }
        .plain tbody th, .trials tbody th { white-space: nowrap; }
        .pages { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 8px 0; }
        .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); gap: 20px 28px; }
        .figure { margin: 0; min-width: 0; }
        .chart { width: 100%; height: auto; max-width: 580px; display: block; touch-action: pan-y; font-family: system-ui, "Helvetica Neue", Arial, sans-serif; }
        figcaption { color: var(--muted); font-size: 13px; }
        .legend { list-style: none; margin: 2px 0; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13px; }
        .legend li { overflow-wrap: anywhere; }
        .swatch { vertical-align: 1px; margin-right: 6px; }
        .chart .dim { opacity: 0.12; }
        .chart .cursor { stroke: var(--muted); stroke-dasharray: 2 2; }
        .chart .brush { fill: var(--busy); opacity: 0.18; }
        .beside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px 32px; }
        @media (min-width: 1100px) { .beside { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
        .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 8px 32px; }
        .markdown { max-width: 75ch; }
        blockquote { margin: 8px 0; padding-left: 12px; border-left: 3px solid var(--line); color: var(--muted); }
        [aria-current=page] { font-weight: 600; }
        @media (max-width: 640px) {
          body { font-size: 16px; }
          main { padding: 8px 12px 48px; }
          .banner { padding: 8px 12px; }
          dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
          dd { margin-bottom: 8px; }
          h1 small { display: block; margin-left: 0; }
          .experiments thead { position: absolute; left: -9999px; }
          .experiments tr { display: block; padding: 8px 0; border-bottom: 1px solid var(--grid); }
          .experiments th, .experiments td { display: block; border: 0; padding: 1px 0; text-align: left; }
          .experiments td.number { display: inline-block; color: var(--muted); font-size: 13px; margin-right: 12px; }
          .experiments td.number:nth-child(3)::before { content: "began "; }
          .experiments td.number:nth-child(4)::before { content: "last active "; }
        }
        @media print { .banner, form[role=search] { display: none; } }
        """
}
