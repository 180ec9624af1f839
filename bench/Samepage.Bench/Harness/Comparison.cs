namespace Samepage.Bench.Harness;

/// <summary>What a ratio should be.</summary>
/// <param name="Limit">The ratio that separates met from missed.</param>
/// <param name="IsLeast">True: at least that; false: at most.</param>
internal sealed record Target(double Limit, bool IsLeast)
{
    public static Target AtMost(double limit) => new(limit, IsLeast: false);

    public static Target AtLeast(double limit) => new(limit, IsLeast: true);

    public bool IsMetBy(double ratio) => IsLeast ? ratio >= Limit : ratio <= Limit;

    public override string ToString() => $"{(IsLeast ? "≥" : "≤")} {Limit:0.0##}";
}

/// <summary>One row of the report: a contender of the library against one reference.</summary>
/// <param name="Case">What both do.</param>
/// <param name="Subject">The library's.</param>
/// <param name="Reference">What it is held against.</param>
/// <param name="Target">What the ratio should be, or null where the row only informs.</param>
internal sealed record Comparison(string Case, Contender Subject, Contender Reference, Target? Target)
{
    /// <summary>
    /// A side with less than this lives by the other's mercy. Far below one half: within a sample, whoever has the cache line takes the
    /// mutex many times in a row, with any mutex that does not queue.
    /// </summary>
    private const double StarvedShare = 0.05;

    /// <summary>False for what makes handles: those are objects.</summary>
    public bool MustNotAllocate { get; init; } = true;

    /// <summary>Where no ratio says it: what the subject's own figure should be at most.</summary>
    public double? MostOfSubject { get; init; }

    /// <summary>Subject to reference.</summary>
    public Statistics? Ratio => Reference.Missing is null && MostOfSubject is null ? Statistics.OfRatios(Subject.Samples, Reference.Samples) : null;

    public bool IsStarved => Subject.SmallerShares is { Count: > 0 } shares && Statistics.Of(shares).Median < StarvedShare;

    public string Verdict
    {
        get
        {
            if (Reference.Missing is { } reason)
                return reason;
            if (MostOfSubject is { } most)
                return Subject.Statistics.Median <= most ? "met" : "missed";
            if (Target is null)
                return "";
            if (Reference.Statistics.IsNoisy)
                return "too noisy to tell";
            return IsStarved ? "one side starves" : Target.IsMetBy(Ratio!.Value.Median) ? "met" : "missed";
        }
    }
}
