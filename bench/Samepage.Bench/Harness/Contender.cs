namespace Samepage.Bench.Harness;

/// <summary>What one sample says.</summary>
/// <param name="Value">In the contender's unit.</param>
/// <param name="Operations">How many operations it is made of.</param>
/// <param name="AllocatedBytes">Managed memory that the measured threads allocated meanwhile.</param>
/// <param name="SmallerShare">Where two sides compete: the share of the one that got less.</param>
internal readonly record struct Reading(double Value, long Operations, long AllocatedBytes, double? SmallerShare = null)
{
    /// <summary>Where each operation was timed as well: how the times are distributed.</summary>
    public Percentiles? Percentiles { get; init; }
}

/// <summary>The unit of a contender, and which way is better.</summary>
internal enum Unit
{
    /// <summary>Less is better.</summary>
    Nanoseconds,

    /// <summary>More is better.</summary>
    PairsPerSecond,

    /// <summary>Of processor time; less is better.</summary>
    ProcessorMilliseconds,

    /// <summary>Of memory; less is better.</summary>
    Bytes,
}

/// <summary>What comes before the first round.</summary>
internal enum WarmUp
{
    /// <summary>Many calls, until the runtime has compiled what it will keep.</summary>
    Compiler,

    /// <summary>A few, from which the number of operations of a round is learnt: it was compiled long ago.</summary>
    Size,

    /// <summary>None: one sample costs a process, and what the first ones pay is lost among the others.</summary>
    None,
}

/// <summary>Something that can be measured again and again for about as long as it is asked to.</summary>
internal abstract class Contender(string name, Unit unit)
{
    private readonly List<Reading> _readings = [];

    public string Name { get; } = name;

    public Unit Unit { get; } = unit;

    /// <summary>Why it cannot be measured here, or null.</summary>
    public virtual string? Missing => null;

    /// <summary>How its first calls are spent, which are not counted.</summary>
    public virtual WarmUp WarmUp => WarmUp.Compiler;

    public IReadOnlyList<double> Samples => [.. _readings.Select(r => r.Value)];

    public Statistics Statistics => Statistics.Of(Samples);

    /// <summary>The least of any round: what an operation allocates it allocates in all of them; what is made once, when somebody first sleeps, falls into one.</summary>
    public double BytesPerOperation => _readings.Min(r => (double)r.AllocatedBytes / r.Operations);

    /// <summary>Shares of the side that got less, one a round; empty where nobody competes.</summary>
    public IReadOnlyList<double> SmallerShares => [.. _readings.Where(r => r.SmallerShare is not null).Select(r => r.SmallerShare!.Value)];

    /// <summary>Over all rounds; null where no operation is timed by itself.</summary>
    public Percentiles? Percentiles => _readings.Any(r => r.Percentiles is not null)
        ? Harness.Percentiles.Over([.. _readings.Select(r => r.Percentiles).OfType<Percentiles>()])
        : null;

    public abstract Reading Measure(TimeSpan length);

    public void MeasureRound(TimeSpan length) => _readings.Add(Measure(length));
}

/// <summary>A reference that this machine does not have.</summary>
internal sealed class MissingContender(string name, Unit unit, string reason) : Contender(name, unit)
{
    public override string Missing { get; } = reason;

    public override Reading Measure(TimeSpan length) => throw new InvalidOperationException($"{Name}: {Missing}.");
}
