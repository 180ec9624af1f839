using Samepage.Bench.Harness;

namespace Samepage.Bench.Tests;

/// <summary>Results that nobody measured: what is decided or drawn of them is known beforehand.</summary>
internal static class Known
{
    public static Machine Machine { get; } =
        new("Some Processor & Co", 4, "Linux 6.12", ".NET 10.0.0 X64", "Samepage 1.2.3", "gcc 12.2.0", "0.10", new DateTime(2026, 3, 4, 5, 6, 0, DateTimeKind.Utc));

    /// <summary>A contender with these samples, a round each.</summary>
    public static Contender Contender(string name, Percentiles? percentiles, params double[] samples)
    {
        var contender = new Scripted(name, percentiles, samples);
        foreach (double _ in samples)
            contender.MeasureRound(TimeSpan.Zero);
        return contender;
    }

    /// <summary>One with an even figure and times that grow evenly from it.</summary>
    public static Entrant Entrant(EntrantKind kind, string name, double nanoseconds) => new(kind,
        Contender(name, new Percentiles(nanoseconds * 0.9, nanoseconds, nanoseconds * 2, nanoseconds * 5, nanoseconds * 20, nanoseconds * 1000), nanoseconds, nanoseconds, nanoseconds));

    public static Race Race(string title, Course course, int at, params Entrant[] entrants) => new(title, course, at, entrants);

    public static Results Results(params Race[] races) => new(Machine, Rounds.Quick, [], races, ["a note"], []);

    private sealed class Scripted(string name, Percentiles? percentiles, double[] samples) : Contender(name, Unit.Nanoseconds)
    {
        private int _next;

        public override Reading Measure(TimeSpan length) => new(samples[_next++], Operations: 1, AllocatedBytes: 0) { Percentiles = percentiles };
    }
}
