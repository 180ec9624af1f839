using System.Text;
using Spectre.Console.Rendering;

namespace Samepage.Cli.Top;

/// <summary>Lays rows out in lines of a certain width.</summary>
internal sealed class TopLayout
{
    private const int ShortestName = 8;

    private readonly int[] _widths;

    /// <param name="rows">What has to find room.</param>
    /// <param name="width">Cells of a line.</param>
    public TopLayout(IReadOnlyList<TopRow> rows, int width)
    {
        _widths = [.. TopColumn.All.Select(c => c.Width)];
        int rest = Math.Max(ShortestName, width - _widths.Sum(w => w == 0 ? 0 : w + 1));
        int name = rows.Select(r => CellsOf(TopColumn.All[(int)TopSort.Name].Text(r))).Append(ShortestName).Max();
        bool anyBlocked = rows.Any(r => r.Object.Blocked.Length > 0);
        _widths[(int)TopSort.Name] = Math.Min(name, anyBlocked ? Math.Max(ShortestName, rest * 3 / 5) : rest);
        _widths[(int)TopSort.Blocked] = Math.Max(0, rest - _widths[(int)TopSort.Name] - 1);
    }

    /// <summary>The titles; the column that sorts is marked.</summary>
    public string Header(TopSort? sort = null, bool isReversed = false) => Line(c => c.Sort == sort ? c.Title + (c.IsNumber == isReversed ? "↑" : "↓") : c.Title);

    public string Line(TopRow row) => Line(c => c.Text(row));

    /// <summary>The beginning of a text, as far as it fits, and blanks up to that width.</summary>
    public static string Fit(string text, int width, bool right = false)
    {
        int cells = CellsOf(text);
        if (cells > width)
            (text, cells) = Cut(text, width);
        string blanks = new(' ', width - cells);
        return right ? blanks + text : text + blanks;
    }

    private string Line(Func<TopColumn, string> text) =>
        string.Join(' ', TopColumn.All.Where(c => _widths[(int)c.Sort] > 0).Select(c => Fit(text(c), _widths[(int)c.Sort], c.IsNumber)));

    private static (string Text, int Cells) Cut(string text, int width)
    {
        var cut = new StringBuilder();
        int cells = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int more = CellsOf(rune.ToString());
            if (cells + more > width - 1)
                break;
            cut.Append(rune);
            cells += more;
        }
        return width == 0 ? ("", 0) : (cut.Append('…').ToString(), cells + 1);
    }

    private static int CellsOf(string text) => new Segment(text).CellCount();
}
