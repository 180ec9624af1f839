namespace Samepage.Bench.Harness;

/// <summary>One case, ready to be measured: its contenders take turns in one set of rounds.</summary>
internal abstract class Suite : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>In the order in which they take turns: a subject and its reference next to each other.</summary>
    public IEnumerable<Contender> Contenders =>
        Comparisons.SelectMany(c => new[] { c.Subject, c.Reference }).Concat(Races.SelectMany(r => r.Entrants).Select(e => e.Contender)).Distinct();

    public abstract IReadOnlyList<Comparison> Comparisons { get; }

    public virtual IReadOnlyList<Race> Races => [];

    /// <summary>How much of it is measured when so much is usual.</summary>
    public virtual Rounds Of(Rounds usual) => usual;

    /// <summary>What turned out wrong, other than a time; empty when all is well.</summary>
    public virtual IEnumerable<string> Faults() => Comparisons
        .Where(c => c.MustNotAllocate)
        .Select(c => c.Subject)
        .Distinct()
        .Where(s => s.BytesPerOperation > 0)
        .Select(s => $"{s.Name} allocates {s.BytesPerOperation:0.###} bytes an operation; it must allocate none.");

    public void Dispose()
    {
        foreach (IDisposable owned in Enumerable.Reverse(_owned))
            owned.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Keeps something until the suite is over; the last to come is the first to go.</summary>
    protected T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    /// <summary>The contender that a reference program makes, or the reason why there is none.</summary>
    protected static Contender Reference(string name, Unit unit, string program, Func<string, Contender> make) =>
        ReferenceCompiler.TryGet(program, out string path) ? make(path) : new MissingContender(name, unit, ReferenceCompiler.WhyNot);

    /// <summary>A name that no other run uses at the same time.</summary>
    protected static string UniqueName(string purpose) => $"samepage-bench-{Environment.ProcessId}-{purpose}";
}
