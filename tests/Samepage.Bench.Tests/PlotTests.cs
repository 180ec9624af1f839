using System.Globalization;
using System.Xml.Linq;
using Samepage.Bench.Harness;
using Samepage.Bench.Plots;

namespace Samepage.Bench.Tests;

public class PlotTests
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Each_course_has_its_plots()
    {
        string[] names = [.. new RacePlots(Known.Results(RoundTrip(), Size(64), Size(1024), OneToMany(1), OneToMany(8), ManyToOne(1), ManyToOne(8))).All().Select(p => p.FileName)];

        Assert.Equal(["round-trip-64-b-busy.svg", "throughput.svg", "one-to-many.svg", "many-to-one.svg"], names);
    }

    [Fact]
    public void A_run_without_races_has_none() => Assert.Empty(new RacePlots(Known.Results()).All());

    [Fact]
    public void A_plot_is_XML_with_everybody_and_the_machine_in_it()
    {
        XDocument plot = Written(RoundTrip());
        string[] texts = [.. plot.Descendants(_svg + "text").Select(t => t.Value)];

        Assert.All(new[] { "Samepage", "pipe <&>", "a lane", "p99.9" }, name => Assert.Contains(name, texts));
        string all = string.Join('\n', texts);
        foreach (string part in new[] { "Some Processor & Co", "Linux 6.12", "Samepage 1.2.3", ".NET 10.0.0", "gcc 12.2.0", "2026-03-04" })
            Assert.Contains(part, all, StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_colours_for_a_light_and_a_dark_page() =>
        Assert.Contains("prefers-color-scheme: dark", Written(RoundTrip()).Descendants(_svg + "style").Single().Value, StringComparison.Ordinal);

    [Fact]
    public void Who_is_not_here_is_not_drawn() => Assert.DoesNotContain("absent", Written(RoundTrip()).ToString(), StringComparison.Ordinal);

    [Fact]
    public void All_points_lie_within_the_axes()
    {
        foreach (Plot plot in new RacePlots(Known.Results(RoundTrip(), Size(8), Size(64), OneToMany(1), OneToMany(4), ManyToOne(4))).All())
        {
            Assert.All(plot.Lines.SelectMany(l => l.Points), p =>
            {
                Assert.InRange(plot.X.Place(p.X), 0, 1);
                Assert.InRange(plot.Y.Place(p.Y), 0, 1);
            });
        }
    }

    [Fact]
    public void Throughput_grows_upwards()
    {
        // 8 bytes in 10 ns, then 64 in 10: the second point is further to the right and higher.
        XDocument plot = Drawn(new RacePlots(Known.Results(Size(8), Size(64))).All().Single());
        double[][] points = [.. plot.Descendants(_svg + "polyline").First().Attribute("points")!.Value.Split(' ')
            .Select(p => p.Split(',').Select(c => double.Parse(c, CultureInfo.InvariantCulture)).ToArray())];

        Assert.True(points[1][0] > points[0][0]);
        Assert.True(points[1][1] < points[0][1]);
    }

    [Fact]
    public void A_rival_looks_the_same_in_all_plots()
    {
        Race without = Known.Race("stream", Course.Sizes, 64, Known.Entrant(EntrantKind.Samepage, "Samepage", 10), Known.Entrant(EntrantKind.Rival, "socket", 30));
        Plot[] plots = [.. new RacePlots(Known.Results(RoundTrip(), without, OneToMany(2))).All()];

        Assert.Equal(Hue(plots[0], "pipe <&>"), Hue(plots[2], "pipe <&>"));
        Assert.NotEqual(Hue(plots[0], "pipe <&>"), Hue(plots[1], "socket"));
    }

    [Fact]
    public void Batches_are_no_point_of_the_throughput_of_a_size()
    {
        Race batches = Known.Race("stream, batches", Course.Batches, 64, Three());

        Assert.Equal(2, new RacePlots(Known.Results(Size(64), batches, Size(1024))).All().Single().Lines[0].Points.Count);
    }

    [Fact]
    public void A_plot_of_participants_has_them_from_left_to_right()
    {
        Plot plot = new RacePlots(Known.Results(ManyToOne(8), ManyToOne(1), ManyToOne(2))).All().Single();

        Assert.Equal([1, 2, 8], plot.Lines[0].Points.Select(p => p.X));
        Assert.Equal(["1", "2", "8"], plot.X.Ticks.Select(t => t.Label));
        Assert.Equal("senders", plot.X.Title);
    }

    [Theory]
    [InlineData(1, 1, 1, 2)]
    [InlineData(3, 40, 2, 50)]
    [InlineData(1000, 1000, 1000, 2000)]
    [InlineData(0.7, 90000, 0.1, 100000)]
    public void An_axis_begins_and_ends_at_a_full_step(double least, double most, double from, double to)
    {
        Axis axis = Axis.Over("", [least, most], v => $"{v}");

        Assert.Equal((from, to), (axis.Least, axis.Most));
        Assert.Equal((from, to), (axis.Ticks[0].Value, axis.Ticks[^1].Value));
    }

    private static int Hue(Plot plot, string name) => plot.Lines.Single(l => l.Name == name).Hue;

    private static XDocument Written(Race race) => Drawn(new RacePlots(Known.Results(race)).All().Single());

    /// <summary>As it is read from a file.</summary>
    private static XDocument Drawn(Plot plot) => XDocument.Parse(plot.Draw().ToString());

    private static Race RoundTrip() => Known.Race("round trip, 64 B, busy", Course.RoundTrips, 64, [.. Three(), new Entrant(EntrantKind.Rival, new MissingContender("absent", Unit.Nanoseconds, "not installed"))]);

    private static Race Size(int size) => Known.Race($"stream, {size} B", Course.Sizes, size, Three());

    private static Race OneToMany(int many) => Known.Race($"one to {many}", Course.OneToMany, many, Three());

    private static Race ManyToOne(int many) => Known.Race($"{many} to one", Course.ManyToOne, many, Three());

    private static Entrant[] Three() =>
        [Known.Entrant(EntrantKind.Samepage, "Samepage", 10), Known.Entrant(EntrantKind.Rival, "pipe <&>", 80), Known.Entrant(EntrantKind.Limit, "a lane", 8)];
}
