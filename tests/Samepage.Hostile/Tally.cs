namespace Samepage.Hostile;

/// <summary>What came of a run.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<FailureReason, long> _reasons = [];
    private readonly List<Failure> _failures = [];
    private long _misuses;
    private long _epochs;
    private long _operations;

    public long Mutations { get; set; }

    public IReadOnlyList<Failure> Failures => _failures;

    public void Add(Failure failure) => _failures.Add(failure);

    public void Add(ControlPage control)
    {
        foreach (FailureReason reason in Enum.GetValues<FailureReason>())
            _reasons[reason] = _reasons.GetValueOrDefault(reason) + control.Counted(reason);
        _misuses += control.Misuses;
        _epochs += control.Done;
        _operations += control.AllOperations;
    }

    public void Add(Tally other)
    {
        Mutations += other.Mutations;
        _failures.AddRange(other._failures);
        foreach ((FailureReason reason, long count) in other._reasons)
            _reasons[reason] = _reasons.GetValueOrDefault(reason) + count;
        _misuses += other._misuses;
        _epochs += other._epochs;
        _operations += other._operations;
    }

    public override string ToString() =>
        $"{Mutations} mutations, {_operations} operations, {_epochs} epochs, errors: "
        + string.Join(", ", _reasons.Where(r => r.Value > 0).Select(r => $"{r.Value} {r.Key}").Append($"{_misuses} not allowed in this state"))
        + $"; {_failures.Count} failures";
}
