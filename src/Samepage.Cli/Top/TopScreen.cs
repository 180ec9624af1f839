using System.Text;
using Samepage.Cli.Output;

namespace Samepage.Cli.Top;

/// <summary>Draws the screen of <c>top</c> for a terminal of some size. What it shows, <see cref="TopState"/> decides.</summary>
internal static class TopScreen
{
    /// <summary>Title, header and footer.</summary>
    private const int LinesBeside = 3;

    public const string Enter = "\e[?1049h\e[?25l";
    public const string Leave = "\e[?25h\e[?1049l";

    private const string Strong = "\e[1m";
    private const string Inverse = "\e[7m";
    private const string Usual = "\e[0m";

    private static readonly string[] _help =
    [
        "q            quit",
        "arrows, PgUp, PgDn, Home, End    choose an object",
        "Enter        all about the chosen object; any key leads back",
        "s            sort by the next column",
        "r            the other way round",
        "/            show only names or kinds with this in them, or like a pattern with * and ?; Esc: all",
        "p            pause: look no more, or again",
        "",
        "MSG/S        messages, values of a cell or calls, BYTES/S their bytes with what stands around them, since the last look",
        "LAG          what nobody has taken yet; of a topic how far the last subscriber is behind; of a pipe in bytes",
        "WAITERS      who sleeps on it; BLOCKED: by whom somebody is held up, as far as that is seen",
    ];

    /// <summary>How many rows of the table there is room for.</summary>
    public static int RowsIn(int height) => Math.Max(1, height - LinesBeside);

    /// <summary>All of the screen, to be written over the one before.</summary>
    /// <param name="state">What is shown.</param>
    /// <param name="details">All about the chosen object, when that is shown.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Lines of the terminal.</param>
    public static string Draw(TopState state, IReadOnlyList<(string Label, string Value)> details, int width, int height)
    {
        var screen = new StringBuilder("\e[H");
        int room = RowsIn(height);
        IEnumerable<string> lines = state.Page switch
        {
            TopPage.Help => Page("help", _help, 0, width, room),
            TopPage.Details => Page(state.Rows.Count > 0 ? Shown.Text(state.Rows[state.Chosen].Object.Name) : "gone", [.. details.Select(d => $"{d.Label + ":",-12} {d.Value}")], state.FirstDetail, width, room),
            _ => Table(state, width, room),
        };
        foreach (string line in lines)
            screen.Append(line).Append("\e[K\r\n");
        return screen.Append(TopLayout.Fit(Footer(state), width)).Append("\e[J").ToString();
    }

    private static IEnumerable<string> Table(TopState state, int width, int room)
    {
        yield return Strong + TopLayout.Fit(Title(state), width) + Usual;
        var layout = new TopLayout(state.Rows, width);
        yield return Inverse + TopLayout.Fit(layout.Header(state.Sort, state.IsReversed), width) + Usual;
        int first = state.FirstShown(room);
        for (int row = first; row < first + room; row++)
        {
            if (row >= state.Rows.Count)
                yield return "";
            else if (row == state.Chosen)
                yield return Inverse + TopLayout.Fit(layout.Line(state.Rows[row]), width) + Usual;
            else
                yield return TopLayout.Fit(layout.Line(state.Rows[row]), width);
        }
    }

    private static IEnumerable<string> Page(string title, string[] lines, int first, int width, int room)
    {
        yield return Strong + TopLayout.Fit(title, width) + Usual;
        yield return "";
        first = Math.Max(0, Math.Min(first, lines.Length - room));
        for (int line = first; line < first + room; line++)
            yield return line < lines.Length ? TopLayout.Fit(lines[line], width) : "";
    }

    private static string Title(TopState state)
    {
        string count = state.Rows.Count == state.Count ? Shown.Invariant($"{state.Count:N0}") : Shown.Invariant($"{state.Rows.Count:N0} of {state.Count:N0}");
        return $"samepage top  {count} {(state.Count == 1 ? "object" : "objects")}{(state.Filter.Length > 0 ? $"  like {Shown.Name(state.Filter)}" : "")}{(state.IsPaused ? "  paused" : "")}";
    }

    private static string Footer(TopState state) => state switch
    {
        { IsTyping: true } => $"/{Shown.Text(state.Filter)}_",
        { Page: TopPage.Table } => "q quit  s sort  r reverse  / filter  p pause  Enter details  ? help",
        _ => "any other key leads back; arrows, PgUp and PgDn scroll",
    };
}
