using Samepage.Channels;
using Samepage.Cli.Bench;

namespace Samepage.Cli.Tests;

/// <summary>What bench makes of times that are known.</summary>
public sealed class BenchReportTests
{
    [Fact]
    public void Percentiles_are_the_least_times_that_so_many_did_not_exceed()
    {
        Histogram times = Of(Enumerable.Range(1, 1000).Select(n => (long)n));
        Assert.Equal([1, 500, 990, 999, 1000], new[] { 0.001, 0.5, 0.99, 0.999, 1 }.Select(times.Percentile));
        Assert.Equal((1000, 1, 1000), (times.Count, times.Shortest, times.Longest));
        Assert.Equal([7, 7, 7], new[] { 0, 0.5, 1 }.Select(Of(7).Percentile));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(999, 999)]
    [InlineData(1_000, 1_000)]
    [InlineData(1_009, 1_000)]
    [InlineData(123_999, 123_000)]
    [InlineData(99_999_999, 99_900_000)]
    [InlineData(long.MaxValue, 9_220_000_000_000_000_000)]
    public void Times_are_kept_to_three_digits_and_the_extremes_as_they_are(long time, long kept)
    {
        Histogram times = Of(time);
        Assert.Equal((kept, time, time), (times.Percentile(1), times.Shortest, times.Longest));
    }

    [Fact]
    public void Histograms_add_up()
    {
        Histogram times = Of(5, 40_000);
        times.Add(Of(3, 70));
        Assert.Equal((4, 3, 40_000, 5), (times.Count, times.Shortest, times.Longest, times.Percentile(0.5)));
    }

    [Theory]
    [InlineData(0, 0, "0-1")]
    [InlineData(1, 1, "1-2")]
    [InlineData(3, 42, "2-5 5-10 10-20 20-50")]
    [InlineData(5, 10, "5-10 10-20")]
    [InlineData(999, 2_000, "500-1000 1000-2000 2000-5000")]
    public void Rows_go_from_the_shortest_to_the_longest(long shortest, long longest, string rows) =>
        Assert.Equal(rows, string.Join(' ', Report(Route("a", longest), Route("b", shortest)).Rows().Select(r => $"{r.From}-{r.To}")));

    [Fact]
    public void Each_time_is_in_one_row()
    {
        var random = new Random(1);
        long[] all = [.. Enumerable.Range(0, 10_000).Select(_ => (long)Math.Pow(10, 7 * random.NextDouble()))];
        BenchReport report = Report(Route("a", all));
        Assert.All(report.Rows(), row => Assert.Equal(all.Count(t => t >= row.From && t < row.To), report.Routes[0].Times.CountBetween(row.From, row.To)));
        Assert.Equal(all.Length, report.Rows().Sum(row => report.Routes[0].Times.CountBetween(row.From, row.To)));
    }

    [Fact]
    public void Figures_and_picture()
    {
        RouteTimes samepage = Route("Samepage topic", [.. Enumerable.Repeat(1_500L, 98), 6_000, 2_345_678]);
        RouteTimes pipe = Route("anonymous pipe", [.. Enumerable.Repeat(9_000L, 50), .. Enumerable.Repeat(15_000L, 50)]);
        Assert.Equal(
        [
            "",
            "                       MSG/S       P50       P99     P99.9   LONGEST   RATIO",
            "Samepage topic           400    1.5 µs      6 µs   2.34 ms   2.35 ms       1",
            "anonymous pipe           400      9 µs     15 µs     15 µs     15 µs       6",
            "",
            "          Samepage topic       anonymous pipe",
            "    1 µs  ####################",
            "    2 µs",
            "    5 µs  .                    ##########",
            "   10 µs                       ##########",
            "   20 µs",
            "   50 µs",
            "  100 µs",
            "  200 µs",
            "  500 µs",
            "    1 ms",
            "    2 ms  .",
            "",
            "MSG/S: both ways together. RATIO: of P50, to Samepage's. Bars: parts of all.",
            "left out: Unix socket: not here",
        ], BenchSheet.PlainLines(Report(samepage, pipe) with { LeftOut = ["Unix socket: not here"] }));
    }

    [Fact]
    public void Rounds_that_differ_are_called_noisy()
    {
        RouteTimes quiet = Route("quiet", 1_000) with { Medians = Of(100, 100, 100, 100, 100, 110, 110, 110, 120, 900) };
        RouteTimes noisy = quiet with { Title = "noisy", Medians = Of(100, 100, 100, 100, 100, 110, 110, 110, 130, 130) };
        Assert.False(Report(quiet).IsNoisy);
        Assert.True(Report(quiet, noisy).IsNoisy);
        Assert.DoesNotContain(BenchSheet.PlainLines(Report(quiet)), l => l.StartsWith("too noisy", StringComparison.Ordinal));
        Assert.Equal("too noisy: from round to round P50 differed by 30 %: noisy", BenchSheet.PlainLines(Report(quiet, noisy)).Last());
    }

    [Fact]
    public void A_clock_that_shows_nothing_gives_figures_all_the_same()
    {
        BenchReport report = Report(Route("coarse", 0), Route("other", 100));
        Assert.Equal((100, 1), (report.Ratio(report.Routes[1]), report.Ratio(report.Routes[0])));
        Assert.Equal(0, report.Routes[0].Spread);
    }

    [Fact]
    public void One_processor_is_told() => Assert.StartsWith("1 processor, which both sides share; ", BenchSheet.Machine(1), StringComparison.Ordinal);

    private static Histogram Of(params IEnumerable<long> times)
    {
        var histogram = new Histogram();
        foreach (long time in times)
            histogram.Add(time);
        return histogram;
    }

    private static RouteTimes Route(string title, params long[] times) => new(title, Of(times), Of(Of(times).Percentile(0.5)), TimeSpan.FromSeconds(times.Length / 200.0));

    private static BenchReport Report(params RouteTimes[] routes) => new(new BenchJob(64, WaitStrategy.SpinThenBlock), TimeSpan.FromSeconds(2), routes, []);
}
