using Samepage.Bench.Harness;

namespace Samepage.Bench.Plots;

/// <summary>What lines look like: told apart by colour, by the dash and by the mark, in the reader's light or dark scheme.</summary>
internal static class Ink
{
    private static readonly string[] _light = ["#c2410c", "#047857", "#a21caf", "#a16207", "#0e7490", "#be123c", "#6d28d9", "#4d7c0f"];
    private static readonly string[] _dark = ["#fb923c", "#34d399", "#e879f9", "#facc15", "#22d3ee", "#fb7185", "#a78bfa", "#a3e635"];

    /// <summary>Each round of the colours has a dash of its own.</summary>
    private static readonly string[] _dashes = ["none", "7 3", "2 3"];

    private static readonly int _styles = _light.Length * _dashes.Length;

    /// <summary>The picture brings its own ground, so that it is legible on any page.</summary>
    public static string Style => $$"""
        svg { font-family: system-ui, sans-serif; font-size: 13px; }
        .ground { fill: #ffffff; } text { fill: #1f2328; } .quiet { fill: #59636e; } .title { font-size: 16px; font-weight: 600; }
        .grid { stroke: #d1d9e0; stroke-width: 1; } .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
        .samepage { stroke: #0550ae; } .samepage.line { stroke-width: 3.6; } .samepage.mark { fill: #0550ae; }
        .limit { stroke: #59636e; stroke-dasharray: 3 3; } .limit.mark { fill: #59636e; stroke-dasharray: none; }
        {{Rules(_light)}}
        @media (prefers-color-scheme: dark) {
        .ground { fill: #0d1117; } text { fill: #e6edf3; } .quiet { fill: #9198a1; } .grid { stroke: #30363d; }
        .samepage { stroke: #58a6ff; } .samepage.mark { fill: #58a6ff; } .limit { stroke: #9198a1; } .limit.mark { fill: #9198a1; }
        {{Rules(_dark)}}
        }
        """;

    public static string ClassOf(Line line) => line.Kind switch
    {
        EntrantKind.Samepage => "samepage",
        EntrantKind.Limit => "limit",
        _ => $"r{line.Hue % _styles}",
    };

    /// <summary>The outline of the mark at a point; its shape changes from rival to rival.</summary>
    public static string MarkAt(Line line, double x, double y) => (line.Kind == EntrantKind.Rival ? line.Hue % 4 : 0) switch
    {
        0 => $"M{x - 3:0.#} {y:0.#}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z",
        1 => $"M{x - 3:0.#} {y - 3:0.#}h6v6h-6z",
        2 => $"M{x:0.#} {y - 4:0.#}l4 7h-8z",
        _ => $"M{x:0.#} {y - 4:0.#}l4 4l-4 4l-4 -4z",
    };

    private static string Rules(string[] colours) => string.Join('\n', Enumerable.Range(0, _styles).Select(i =>
        $".r{i} {{ stroke: {colours[i % colours.Length]}; stroke-dasharray: {_dashes[i / colours.Length]}; }} "
        + $".r{i}.mark {{ fill: {colours[i % colours.Length]}; stroke-dasharray: none; }}"));
}
