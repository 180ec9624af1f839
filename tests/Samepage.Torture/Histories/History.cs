namespace Samepage.Torture.Histories;

/// <summary>What all who shared an object did with it, each in its own order, and who of them was killed.</summary>
internal sealed class History(IReadOnlyList<Operation> operations, IReadOnlyDictionary<int, Actor> actors)
{
    public IReadOnlyList<Operation> Operations { get; } = operations;

    public IReadOnlyDictionary<int, Actor> Actors { get; } = actors;

    public History With(IReadOnlyList<Operation> operations) => new(operations, Actors);
}
