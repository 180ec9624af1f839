namespace Samepage.Bench.Harness;

internal sealed record Entrant(EntrantKind Kind, Contender Contender)
{
    public string Name => Contender.Name;

    public bool IsHere => Contender.Missing is null;
}

/// <summary>What the races of a kind differ in, which is also how they are drawn.</summary>
internal enum Course
{
    /// <summary>One message at a time, there and back; how its times are distributed.</summary>
    RoundTrips,

    /// <summary>Messages in one direction; from race to race their size grows.</summary>
    Sizes,

    /// <summary>Messages of one size in one direction, sent in batches.</summary>
    Batches,

    /// <summary>One sends, and from race to race more receive each message.</summary>
    OneToMany,

    /// <summary>One receives, and from race to race more send.</summary>
    ManyToOne,
}

/// <summary>One case that Samepage, its rivals and the limit do in turns, all in nanoseconds an operation.</summary>
/// <param name="Case">What they do.</param>
/// <param name="Course">Which races belong together.</param>
/// <param name="At">Where on the course: bytes of a message, or how many are on the other side of the one.</param>
/// <param name="Entrants">The library first.</param>
internal sealed record Race(string Case, Course Course, int At, IReadOnlyList<Entrant> Entrants)
{
    public Entrant Subject => Entrants.Single(e => e.Kind == EntrantKind.Samepage);

    /// <summary>Null where nothing says what the machine allows.</summary>
    public Entrant? Limit => Entrants.FirstOrDefault(e => e.Kind == EntrantKind.Limit && e.IsHere);

    /// <summary>How many times as long it takes as Samepage does.</summary>
    public Statistics? ToSubject(Entrant entrant) => Ratio(entrant, Subject);

    /// <summary>How many times as long it takes as the limit does.</summary>
    public Statistics? ToLimit(Entrant entrant) => Limit is { } limit ? Ratio(entrant, limit) : null;

    /// <summary>How many times as long as that one Samepage takes: what a regression raises.</summary>
    public Statistics? OfSubject(Entrant other) => Ratio(Subject, other);

    private static Statistics? Ratio(Entrant one, Entrant other) =>
        one.IsHere && other.IsHere ? Statistics.OfRatios(one.Contender.Samples, other.Contender.Samples) : null;
}
