using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Samepage.Channels;
using Samepage.Cli.Output;

namespace Samepage.Cli.Bench;

/// <summary>What was measured, as <c>--json</c> prints it; times are nanoseconds of a round trip.</summary>
internal sealed record BenchJson(
    int Size,
    double Seconds,
    [property: JsonConverter(typeof(CamelCase<WaitStrategy>))] WaitStrategy Strategy,
    int Processors,
    string System,
    string Runtime,
    bool IsNoisy,
    IReadOnlyList<BenchJson.Route> Routes,
    IReadOnlyList<string> LeftOut)
{
    /// <param name="Ratio">How many times as long as Samepage it takes in the middle.</param>
    /// <param name="Spread">How far the medians of the rounds are apart, as a part of the one in the middle.</param>
    internal sealed record Route(
        string Name, long RoundTrips, double MessagesPerSecond, long P50, long P99, long P999, long Longest, double Ratio, double Spread, IReadOnlyList<Bucket> Buckets);

    /// <summary>Round trips that took as long as the one or longer, and less than the other.</summary>
    internal sealed record Bucket(long From, long To, long Count);

    public static BenchJson Of(BenchReport report) => new(
        report.Job.Size, report.Time.TotalSeconds, report.Job.Strategy,
        Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
        report.IsNoisy, [.. report.Routes.Select(r => Of(report, r))], report.LeftOut);

    private static Route Of(BenchReport report, RouteTimes route)
    {
        Histogram times = route.Times;
        return new Route(route.Title, times.Count, route.MessagesPerSecond,
            times.Percentile(0.5), times.Percentile(0.99), times.Percentile(0.999), times.Longest, report.Ratio(route), route.Spread,
            [.. report.Rows().Select(row => new Bucket(row.From, row.To, times.CountBetween(row.From, row.To)))]);
    }
}
