namespace Samepage.Bench.Plots;

/// <summary>One direction of a plot, mostly on a logarithmic scale: what is compared here differs by factors.</summary>
/// <param name="Title">What it shows, with its unit.</param>
/// <param name="Least">The value at its beginning.</param>
/// <param name="Most">The value at its end.</param>
/// <param name="Ticks">The values with a line and a label.</param>
internal sealed record Axis(string Title, double Least, double Most, IReadOnlyList<(double Value, string Label)> Ticks)
{
    private static readonly double[] _oneTwoFive = [1, 2, 5];
    private static readonly double[] _one = [1];

    /// <summary>With more decades than that, a tick at each is enough.</summary>
    private const double FewDecades = 3;

    /// <summary>An axis for values that may be anything, from a full step of its scale to another.</summary>
    /// <param name="values">What must have room; above zero.</param>
    /// <param name="label">How a tick is read.</param>
    public static Axis Over(string title, IReadOnlyCollection<double> values, Func<double, string> label)
    {
        double least = values.Min(), most = values.Max();
        double[] steps = Math.Log10(most / least) > FewDecades ? _one : _oneTwoFive;
        double[] ticks = [.. Decades(least, most).SelectMany(d => steps.Select(s => s * d))];
        double from = ticks.Last(t => t <= least), to = ticks.First(t => t >= most && t > from);
        return new Axis(title, from, to, [.. ticks.Where(t => t >= from && t <= to).Select(t => (t, label(t)))]);
    }

    /// <summary>An axis for values that are few and known: each has its tick.</summary>
    public static Axis At(string title, IEnumerable<double> values, Func<double, string> label)
    {
        double[] all = [.. values.Distinct().Order()];
        // One alone would have no length.
        return new Axis(title, all[0], all.Length > 1 ? all[^1] : all[0] * 2, [.. all.Select(v => (v, label(v)))]);
    }

    /// <summary>A step is the same everywhere, as on an axis of time.</summary>
    public bool IsLinear { get; init; }

    /// <summary>An axis from 0 on, in so many equal steps.</summary>
    public static Axis FromZero(string title, double most, int steps, Func<double, string> label) =>
        new(title, 0, most, [.. Enumerable.Range(0, steps + 1).Select(i => most * i / steps).Select(t => (t, label(t)))]) { IsLinear = true };

    /// <summary>Where a value lies: 0 at the beginning, 1 at the end.</summary>
    public double Place(double value) => IsLinear ? (value - Least) / (Most - Least) : Math.Log(value / Least) / Math.Log(Most / Least);

    private static IEnumerable<double> Decades(double least, double most)
    {
        for (double d = Math.Floor(Math.Log10(least)) - 1; d <= Math.Ceiling(Math.Log10(most)) + 1; d++)
            yield return Math.Pow(10, d);
    }
}
