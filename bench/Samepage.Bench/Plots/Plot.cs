using System.Xml.Linq;

namespace Samepage.Bench.Plots;

/// <summary>Lines over two axes, with a legend and the machine below, as an SVG picture.</summary>
/// <param name="FileName">Under which it is written.</param>
/// <param name="Title">What is seen.</param>
/// <param name="Caption">Lines below it: where the figures come from.</param>
internal sealed record Plot(string FileName, string Title, Axis X, Axis Y, IReadOnlyList<Line> Lines, IReadOnlyList<string> Caption)
{
    private const double Width = 1010, Left = 98, Right = 704, Top = 48, Bottom = 440, Legend = Right + 24, LegendStep = 21, TextStep = 18;

    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    public XDocument Draw()
    {
        double height = Bottom + 62 + TextStep * Caption.Count;
        return new XDocument(new XElement(_svg + "svg",
            new XAttribute("viewBox", $"0 0 {Width} {height}"), new XAttribute("width", Width), new XAttribute("height", height), new XAttribute("role", "img"),
            new XElement(_svg + "title", Title),
            new XElement(_svg + "style", Ink.Style),
            new XElement(_svg + "rect", new XAttribute("class", "ground"), new XAttribute("width", Width), new XAttribute("height", height)),
            Text(Left, 28, Title, "start", "title"),
            DrawX(), DrawY(), Lines.OrderBy(l => l.Kind == Harness.EntrantKind.Samepage).SelectMany(Draw), DrawLegend(),
            Caption.Select((line, i) => Text(Left, Bottom + 68 + TextStep * i, line, "start", "quiet"))));
    }

    private double At(double x) => Left + (Right - Left) * X.Place(x);

    private double Above(double y) => Bottom - (Bottom - Top) * Y.Place(y);

    private IEnumerable<XElement> DrawX() => X.Ticks.SelectMany(t => new[]
    {
        Segment("grid", At(t.Value), Top, At(t.Value), Bottom), Text(At(t.Value), Bottom + 19, t.Label, "middle", "quiet"),
    }).Append(Text((Left + Right) / 2, Bottom + 42, X.Title, "middle"));

    private IEnumerable<XElement> DrawY()
    {
        foreach ((double value, string label) in Y.Ticks)
        {
            yield return Segment("grid", Left, Above(value), Right, Above(value));
            yield return Text(Left - 8, Above(value) + 4, label, "end", "quiet");
        }
        XElement title = Text(0, 0, Y.Title, "middle");
        title.Add(new XAttribute("transform", $"translate(16 {(Top + Bottom) / 2}) rotate(-90)"));
        yield return title;
    }

    private IEnumerable<XElement> Draw(Line line)
    {
        string look = Ink.ClassOf(line);
        yield return new XElement(_svg + "polyline", new XAttribute("class", $"line {look}"),
            new XAttribute("points", string.Join(' ', line.Points.Select(p => $"{At(p.X):0.#},{Above(p.Y):0.#}"))));
        foreach ((double x, double y) in line.Points)
            yield return new XElement(_svg + "path", new XAttribute("class", $"mark {look}"), new XAttribute("d", Ink.MarkAt(line, At(x), Above(y))));
    }

    /// <summary>From top to bottom as the lines end on the right.</summary>
    private IEnumerable<XElement> DrawLegend() => Lines.OrderByDescending(l => l.Points[^1].Y).SelectMany((line, i) =>
    {
        double y = Top + 8 + LegendStep * i;
        string look = Ink.ClassOf(line);
        return new[]
        {
            Segment($"line {look}", Legend, y, Legend + 30, y),
            new XElement(_svg + "path", new XAttribute("class", $"mark {look}"), new XAttribute("d", Ink.MarkAt(line, Legend + 15, y))),
            Text(Legend + 38, y + 4, line.Name, "start"),
        };
    });

    private static XElement Segment(string look, double x1, double y1, double x2, double y2) => new(_svg + "line", new XAttribute("class", look),
        Coordinate("x1", x1), Coordinate("y1", y1), Coordinate("x2", x2), Coordinate("y2", y2));

    private static XElement Text(double x, double y, string text, string anchor, string look = "") => new(_svg + "text",
        look.Length == 0 ? null : new XAttribute("class", look), Coordinate("x", x), Coordinate("y", y), new XAttribute("text-anchor", anchor), text);

    private static XAttribute Coordinate(string name, double value) => new(name, value.ToString("0.#"));
}
